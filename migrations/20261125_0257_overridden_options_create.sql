-- Options that administrators set otherwise than the configuration. NULL means that the configuration counts again; the row
-- stays for its `version`.
CREATE TABLE overridden_options (
  name VARCHAR(80) NOT NULL PRIMARY KEY,
  value {text},
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
) {table_opts}
