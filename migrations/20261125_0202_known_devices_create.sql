-- Browsers from which a person has logged in before, each by the SHA-256 of what its cookie holds.
CREATE TABLE known_devices (
  device_hash VARCHAR(64) NOT NULL,
  person_id BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (device_hash, person_id),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
