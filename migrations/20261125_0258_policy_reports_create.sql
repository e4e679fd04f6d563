-- What browsers report against the Content-Security-Policy, each kind once. `dedup_key` is the SHA-256 of what tells kinds apart.
CREATE TABLE policy_reports (
  id {id},
  dedup_key VARCHAR(64) NOT NULL UNIQUE,
  directive VARCHAR(80) NOT NULL,
  blocked VARCHAR(300) NOT NULL,
  page VARCHAR(300) NOT NULL,
  source VARCHAR(300) NOT NULL,
  line BIGINT NOT NULL,
  times BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL
) {table_opts}
