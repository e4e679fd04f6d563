-- Filters of tasks under a name: `address` is the page with its query. A shared one is offered to all who take part in its
-- project; without a project it is one of the work of a person.
CREATE TABLE task_views (
  id {id},
  person_id BIGINT NOT NULL,
  project_id BIGINT,
  name VARCHAR(80) NOT NULL,
  name_key VARCHAR(80) NOT NULL,
  address VARCHAR(1000) NOT NULL,
  shared BOOLEAN NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  UNIQUE (person_id, name_key),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
) {table_opts}
