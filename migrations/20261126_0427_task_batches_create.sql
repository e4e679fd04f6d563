-- Tasks that were changed together. `undone_at` is NULL until that was taken back.
CREATE TABLE task_batches (
  id {id},
  person_id BIGINT,
  title VARCHAR(190) NOT NULL,
  at BIGINT NOT NULL,
  undone_at BIGINT,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
