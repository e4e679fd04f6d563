-- The permissions whose default grants were given. A grant that was taken away later is not given again.
CREATE TABLE permissions (
  name VARCHAR(80) NOT NULL PRIMARY KEY,
  granted_at BIGINT NOT NULL
) {table_opts}
