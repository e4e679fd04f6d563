-- A file that was uploaded and previewed, but not yet accepted. `content` is compressed.
CREATE TABLE skill_imports (
  id {id},
  person_id BIGINT NOT NULL,
  kind VARCHAR(20) NOT NULL,
  file_name VARCHAR(190) NOT NULL,
  scale VARCHAR(80) NOT NULL,
  content {blob} NOT NULL,
  created_at BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
