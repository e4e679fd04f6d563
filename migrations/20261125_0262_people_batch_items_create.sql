-- Whom a batch changed: what they were before (JSON), and the version that the change left.
CREATE TABLE people_batch_items (
  batch_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  before_state {text} NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (batch_id, person_id),
  FOREIGN KEY (batch_id) REFERENCES people_batches (id) ON DELETE CASCADE,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
