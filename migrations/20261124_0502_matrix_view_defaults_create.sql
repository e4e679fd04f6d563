-- The view that the matrix of a person opens with: one of their own, or a shared one.
CREATE TABLE matrix_view_defaults (
  person_id BIGINT NOT NULL PRIMARY KEY,
  view_id BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (view_id) REFERENCES matrix_views (id) ON DELETE CASCADE
) {table_opts}
