CREATE TABLE api_tokens (
  id {id},
  person_id BIGINT NOT NULL,
  name VARCHAR(190) NOT NULL,
  token_hash VARCHAR(64) NOT NULL UNIQUE,
  scopes VARCHAR(190) NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  expires_at BIGINT,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
