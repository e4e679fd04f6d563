CREATE TABLE person_roles (
  person_id BIGINT NOT NULL,
  role_id BIGINT NOT NULL,
  PRIMARY KEY (person_id, role_id),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE
) {table_opts}
