-- What is to be looked after. It belongs to a team, and goes on with each handoff until somebody closes it. `opened_at` is
-- NULL while it stands in a draft alone.
CREATE TABLE handoff_items (
  id {id},
  team_id BIGINT NOT NULL,
  title VARCHAR(300) NOT NULL,
  title_key VARCHAR(300) NOT NULL,
  detail {text} NOT NULL,
  task_id BIGINT,
  version BIGINT NOT NULL DEFAULT 1,
  created_by BIGINT,
  created_at BIGINT NOT NULL,
  opened_at BIGINT,
  closed_at BIGINT,
  closed_by BIGINT,
  FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE SET NULL,
  FOREIGN KEY (created_by) REFERENCES people (id) ON DELETE SET NULL,
  FOREIGN KEY (closed_by) REFERENCES people (id) ON DELETE SET NULL
) {table_opts}
