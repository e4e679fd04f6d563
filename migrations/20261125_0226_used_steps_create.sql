-- Steps of a log-in that have been taken and cannot be taken again: challenges of passkeys, states of a log-in elsewhere.
CREATE TABLE used_steps (
  step_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  expires_at BIGINT NOT NULL
) {table_opts}
