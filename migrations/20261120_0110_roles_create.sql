-- A role that holds everything needs no list, so that an administrator never lacks a permission that was declared later.
CREATE TABLE roles (
  id {id},
  name VARCHAR(80) NOT NULL UNIQUE,
  title VARCHAR(190) NOT NULL,
  everything BOOLEAN NOT NULL,
  position BIGINT NOT NULL
) {table_opts}
