CREATE TABLE job_role_people (
  job_role_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  PRIMARY KEY (job_role_id, person_id),
  FOREIGN KEY (job_role_id) REFERENCES job_roles (id) ON DELETE CASCADE,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
