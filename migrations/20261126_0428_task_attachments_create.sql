-- Files that belong to a task. `content` names it in the store of blobs; `name` is what people called the file, and never
-- a path.
CREATE TABLE task_attachments (
  id {id},
  task_id BIGINT NOT NULL,
  person_id BIGINT,
  name VARCHAR(190) NOT NULL,
  bytes BIGINT NOT NULL,
  content VARCHAR(190) NOT NULL,
  created_at BIGINT NOT NULL,
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE CASCADE,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE SET NULL
) {table_opts}
