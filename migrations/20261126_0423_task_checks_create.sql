-- The checklist of a task.
CREATE TABLE task_checks (
  id {id},
  task_id BIGINT NOT NULL,
  title VARCHAR(300) NOT NULL,
  is_done BOOLEAN NOT NULL,
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE CASCADE
) {table_opts}
