-- A link by which somebody who was added sets their first password, stored as the SHA-256 of its token. At most one for
-- each person; it goes when it is used or withdrawn.
CREATE TABLE invitations (
  id {id},
  person_id BIGINT NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  invited_by BIGINT,
  sent_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  UNIQUE (person_id),
  UNIQUE (token_hash),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (invited_by) REFERENCES people (id) ON DELETE SET NULL
) {table_opts}
