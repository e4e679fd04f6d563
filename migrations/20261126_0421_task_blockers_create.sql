-- A task that cannot be done before another one. They make no circles.
CREATE TABLE task_blockers (
  task_id BIGINT NOT NULL,
  blocker_id BIGINT NOT NULL,
  PRIMARY KEY (task_id, blocker_id),
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE CASCADE,
  FOREIGN KEY (blocker_id) REFERENCES tasks (id) ON DELETE CASCADE
) {table_opts}
