-- What was tried without success, by a hash of where and whose. `failures` leaks away with time.
CREATE TABLE sign_in_attempts (
  bucket VARCHAR(64) NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL,
  at BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL
) {table_opts}
