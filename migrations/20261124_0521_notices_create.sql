-- What a person should know of, in the app. `dedup_key` tells what it is about, so that it is raised once however often it
-- is noticed. `read_at` is NULL while it is unread.
CREATE TABLE notices (
  id {id},
  person_id BIGINT NOT NULL,
  kind VARCHAR(80) NOT NULL,
  title VARCHAR(500) NOT NULL,
  href VARCHAR(500) NOT NULL,
  dedup_key VARCHAR(190) NOT NULL,
  at BIGINT NOT NULL,
  read_at BIGINT,
  UNIQUE (person_id, dedup_key),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
