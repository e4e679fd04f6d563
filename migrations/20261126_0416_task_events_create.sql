-- What was changed in a task: one row a field, with the version that the change made. From it conflicts are told field by
-- field, history is shown, and what was done to many tasks at once (`batch_id`) is taken back.
CREATE TABLE task_events (
  id {id},
  task_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_id BIGINT,
  field VARCHAR(20) NOT NULL,
  old_value {text} NOT NULL,
  new_value {text} NOT NULL,
  batch_id BIGINT,
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE CASCADE
) {table_opts}
