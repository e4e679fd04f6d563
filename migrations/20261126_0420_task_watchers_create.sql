-- Who is told of what happens to a task without working on it.
CREATE TABLE task_watchers (
  task_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  PRIMARY KEY (task_id, person_id),
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE CASCADE,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
