-- One row, locked by whoever works requirements out, so that two changes at the same time do not overlook each other.
CREATE TABLE requirement_turns (
  id BIGINT NOT NULL PRIMARY KEY
) {table_opts}
