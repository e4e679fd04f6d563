-- The one-time link that creates the first administrator, stored as the SHA-256 of its token.
CREATE TABLE setup_links (
  token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL
) {table_opts}
