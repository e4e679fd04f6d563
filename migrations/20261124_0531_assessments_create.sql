-- A person is asked to say where they stand in some skills. `state` is asked, filled, validated or withdrawn; `due` is a
-- day as YYYY-MM-DD.
CREATE TABLE assessments (
  id {id},
  person_id BIGINT NOT NULL,
  asked_by BIGINT,
  note VARCHAR(2000) NOT NULL,
  due VARCHAR(10) NOT NULL,
  state VARCHAR(20) NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  asked_at BIGINT NOT NULL,
  filled_at BIGINT,
  closed_at BIGINT,
  closed_by BIGINT,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
