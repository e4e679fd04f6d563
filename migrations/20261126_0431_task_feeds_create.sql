-- The secret address under which a calendar program reads the due days of a person, as a hash.
CREATE TABLE task_feeds (
  person_id BIGINT NOT NULL PRIMARY KEY,
  secret_hash VARCHAR(64) NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
