-- What a role includes: all that its parents may do.
CREATE TABLE role_parents (
  role_id BIGINT NOT NULL,
  parent_id BIGINT NOT NULL,
  PRIMARY KEY (role_id, parent_id),
  FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE,
  FOREIGN KEY (parent_id) REFERENCES roles (id) ON DELETE CASCADE
) {table_opts}
