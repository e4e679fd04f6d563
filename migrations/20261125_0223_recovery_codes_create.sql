-- Each opens once what the app would open. They are random, so a fast hash is enough.
CREATE TABLE recovery_codes (
  person_id BIGINT NOT NULL,
  code_hash VARCHAR(64) NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (person_id, code_hash),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
