-- A project. `code` stands before the numbers of its tasks, as in QD-12; `next_number` is the one of the next task. Days are
-- dates as in 2026-11-26. `archived_at` is NULL while work goes on. With `postpones_stalled` open tasks that nobody touched
-- get a later due day by themselves.
CREATE TABLE projects (
  id {id},
  code VARCHAR(10) NOT NULL UNIQUE,
  name VARCHAR(190) NOT NULL,
  name_key VARCHAR(190) NOT NULL,
  description {text} NOT NULL,
  owner_id BIGINT,
  starts_on VARCHAR(10),
  ends_on VARCHAR(10),
  postpones_stalled BOOLEAN NOT NULL DEFAULT FALSE,
  archived_at BIGINT,
  next_number BIGINT NOT NULL DEFAULT 1,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  FOREIGN KEY (owner_id) REFERENCES people (id)
) {table_opts}
