-- How a person is to reach a level, with whom and until when. `state` is planned, done or dropped; `due` is a day as
-- YYYY-MM-DD; levels are in hundredths.
CREATE TABLE training_plans (
  id {id},
  person_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  trainer_id BIGINT,
  level BIGINT NOT NULL,
  due VARCHAR(10) NOT NULL,
  note VARCHAR(2000) NOT NULL,
  state VARCHAR(20) NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  planned_at BIGINT NOT NULL,
  planned_by BIGINT,
  closed_at BIGINT,
  closed_by BIGINT,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
