-- What happened, append-only, written in the transaction of what it tells. `detail` is JSON.
CREATE TABLE events (
  id {id},
  at BIGINT NOT NULL,
  actor_id BIGINT,
  kind VARCHAR(80) NOT NULL,
  subject VARCHAR(80) NOT NULL,
  detail {text} NOT NULL
) {table_opts}
