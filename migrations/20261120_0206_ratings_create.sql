-- A rating without a level that is not "not applicable" is unset; it may still hold an interest or a note.
CREATE TABLE ratings (
  person_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  level BIGINT,
  not_applicable BOOLEAN NOT NULL,
  interest BIGINT,
  note VARCHAR(2000) NOT NULL,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by BIGINT,
  PRIMARY KEY (person_id, skill_id),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
