-- What the targets ask of each person: the highest level that any of them wants. Worked out anew when a target, a team or
-- a job role changes, so that a window of the matrix reads it as it reads ratings.
CREATE TABLE requirements (
  person_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  level BIGINT NOT NULL,
  PRIMARY KEY (person_id, skill_id),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
