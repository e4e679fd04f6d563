-- `credential_hash` is the SHA-256 of the id of the credential, which may be longer than a key. `handle` names the person to
-- their device without telling who they are. `passkey` is the public key and what was said about it, as JSON.
CREATE TABLE passkeys (
  id {id},
  person_id BIGINT NOT NULL,
  name VARCHAR(190) NOT NULL,
  credential_hash VARCHAR(64) NOT NULL UNIQUE,
  handle VARCHAR(64) NOT NULL,
  passkey {text} NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
