-- The columns of the board. `kind` is todo, doing or done; `wip_limit` is how many tasks should stand in it at most. `tasks`
-- counts those that do, and is kept with every write.
CREATE TABLE project_statuses (
  id {id},
  project_id BIGINT NOT NULL,
  name VARCHAR(80) NOT NULL,
  name_key VARCHAR(80) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  position BIGINT NOT NULL,
  wip_limit BIGINT,
  tasks BIGINT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 1,
  UNIQUE (project_id, name_key),
  FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
) {table_opts}
