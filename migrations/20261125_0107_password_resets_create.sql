-- A link by which somebody sets a new password, stored as the SHA-256 of its token. At most one for each person.
CREATE TABLE password_resets (
  id {id},
  person_id BIGINT NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  UNIQUE (person_id),
  UNIQUE (token_hash),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
