-- A view of the matrix that somebody gave a name: `query` is its address, as the matrix itself writes it. A shared one is
-- offered to everybody.
CREATE TABLE matrix_views (
  id {id},
  person_id BIGINT NOT NULL,
  name VARCHAR(80) NOT NULL,
  name_key VARCHAR(80) NOT NULL,
  query VARCHAR(2000) NOT NULL,
  shared BOOLEAN NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (person_id, name_key),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
