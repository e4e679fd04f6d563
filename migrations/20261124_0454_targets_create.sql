-- The level that a skill is wanted at, of a team, of a job role, or (both NULL) of everybody: by all of them, or by at
-- least so many. `ask` names for whom and how, as `team:3/all` or `everybody/some`, so that the same is not asked twice;
-- in a unique key two NULLs would be different.
CREATE TABLE targets (
  id {id},
  skill_id BIGINT NOT NULL,
  team_id BIGINT,
  job_role_id BIGINT,
  ask VARCHAR(60) NOT NULL,
  level BIGINT NOT NULL,
  at_least BIGINT,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (ask, skill_id),
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE,
  FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  FOREIGN KEY (job_role_id) REFERENCES job_roles (id) ON DELETE CASCADE
) {table_opts}
