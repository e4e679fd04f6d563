-- The id that the browser holds is stored as its SHA-256 only.
CREATE TABLE sessions (
  id {id},
  token_hash VARCHAR(64) NOT NULL UNIQUE,
  person_id BIGINT NOT NULL,
  csrf VARCHAR(64) NOT NULL,
  remembered BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  device VARCHAR(190) NOT NULL,
  address VARCHAR(64) NOT NULL,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
