-- Routes, as in `GET /skills`, that other people may use than those who hold the permission in the code.
CREATE TABLE mapped_routes (
  id {id},
  route VARCHAR(190) NOT NULL UNIQUE,
  reason VARCHAR(500) NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  updated_at BIGINT NOT NULL,
  updated_by BIGINT
) {table_opts}
