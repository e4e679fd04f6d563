-- The skills of an assessment: what the person said when they handed it in, and what was confirmed then. A level that is
-- NULL with `…_na` FALSE is none; `note` says why another level was confirmed.
CREATE TABLE assessment_items (
  assessment_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  own_level BIGINT,
  own_na BOOLEAN NOT NULL DEFAULT FALSE,
  confirmed_level BIGINT,
  confirmed_na BOOLEAN NOT NULL DEFAULT FALSE,
  confirmed_at BIGINT,
  confirmed_by BIGINT,
  note VARCHAR(2000) NOT NULL DEFAULT '',
  PRIMARY KEY (assessment_id, skill_id),
  FOREIGN KEY (assessment_id) REFERENCES assessments (id) ON DELETE CASCADE,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
