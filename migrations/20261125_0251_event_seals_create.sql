-- The chain beneath `events`: each seal holds the SHA-256, in hexadecimal, of the seal before it and of the content of its event.
-- Events are sealed after their commit, in an order of their own (`position`, without gaps from 1).
CREATE TABLE event_seals (
  position BIGINT NOT NULL PRIMARY KEY,
  event_id BIGINT NOT NULL UNIQUE,
  hash VARCHAR(64) NOT NULL
) {table_opts}
