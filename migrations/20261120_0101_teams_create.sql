-- `position` is the rank of the team by name. People carry a copy, so that a window of the matrix is one walk of an index.
CREATE TABLE teams (
  id {id},
  name VARCHAR(190) NOT NULL UNIQUE,
  name_key VARCHAR(190) NOT NULL,
  position BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
) {table_opts}
