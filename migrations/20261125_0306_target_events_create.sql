-- Every change of a target, as it was after it. `gone` where it was taken away. The latest one before a moment tells what
-- was asked for then.
CREATE TABLE target_events (
  id {id},
  target_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  team_id BIGINT,
  job_role_id BIGINT,
  level BIGINT NOT NULL,
  at_least BIGINT,
  gone BOOLEAN NOT NULL,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
