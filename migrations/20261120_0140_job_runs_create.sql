-- The last run of each background job. Nobody else may begin one before `lease_until`, which is 0 once it ended.
CREATE TABLE job_runs (
  name VARCHAR(80) NOT NULL PRIMARY KEY,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  lease_until BIGINT NOT NULL
) {table_opts}
