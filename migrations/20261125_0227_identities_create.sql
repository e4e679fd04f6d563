-- Who somebody is to an issuer of OpenID Connect; `subject_hash` is the SHA-256 of issuer and subject.
CREATE TABLE identities (
  subject_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  person_id BIGINT NOT NULL,
  issuer VARCHAR(190) NOT NULL,
  created_at BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
