-- As skill_summaries, for a row of the matrix.
CREATE TABLE person_summaries (
  person_id BIGINT NOT NULL PRIMARY KEY,
  able BIGINT NOT NULL,
  rated BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
