-- Who takes part in a project, and as what: lead, member or viewer. Who does not stand here sees nothing of it.
CREATE TABLE project_members (
  project_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  role VARCHAR(10) NOT NULL,
  joined_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, person_id),
  FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
