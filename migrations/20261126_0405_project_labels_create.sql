-- What tasks of a project are marked with. `hue` is the number of a colour of the palette, from 0.
CREATE TABLE project_labels (
  id {id},
  project_id BIGINT NOT NULL,
  name VARCHAR(80) NOT NULL,
  name_key VARCHAR(80) NOT NULL,
  hue BIGINT NOT NULL,
  UNIQUE (project_id, name_key),
  FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
) {table_opts}
