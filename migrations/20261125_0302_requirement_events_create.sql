-- Every change of what is asked of a person in a skill, with the level after it; NULL where nothing is asked any more. The
-- latest one before a moment tells what was asked for then.
CREATE TABLE requirement_events (
  id {id},
  person_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  level BIGINT,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
