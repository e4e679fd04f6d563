CREATE TABLE role_permissions (
  role_id BIGINT NOT NULL,
  permission VARCHAR(80) NOT NULL,
  PRIMARY KEY (role_id, permission),
  FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE
) {table_opts}
