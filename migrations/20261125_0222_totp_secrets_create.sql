-- `secret` is sealed with a key that follows from the option `secret`. `last_step` is the step of the last code that was
-- used, so that none is used twice.
CREATE TABLE totp_secrets (
  person_id BIGINT NOT NULL PRIMARY KEY,
  secret VARCHAR(190) NOT NULL,
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
