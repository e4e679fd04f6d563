-- If this happens, then that is to be done; `task_id` once it was made a task.
CREATE TABLE handoff_contingencies (
  id {id},
  handoff_id BIGINT NOT NULL,
  happening VARCHAR(300) NOT NULL,
  action VARCHAR(300) NOT NULL,
  task_id BIGINT,
  created_at BIGINT NOT NULL,
  FOREIGN KEY (handoff_id) REFERENCES handoffs (id) ON DELETE CASCADE,
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE SET NULL
) {table_opts}
