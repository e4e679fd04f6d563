-- What is said of a task, in Markdown. `edited_at` is NULL as long as it stands as it was first said.
CREATE TABLE task_comments (
  id {id},
  task_id BIGINT NOT NULL,
  author_id BIGINT,
  body {text} NOT NULL,
  submission VARCHAR(40),
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  edited_at BIGINT,
  UNIQUE (task_id, submission),
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE CASCADE,
  FOREIGN KEY (author_id) REFERENCES people (id) ON DELETE SET NULL
) {table_opts}
