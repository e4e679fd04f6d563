-- The head of the chain, one row (id 1), which whoever seals locks. All events up to `settled_id` are sealed, and no
-- transaction that could still bring an earlier one is under way.
CREATE TABLE event_chain (
  id BIGINT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  hash VARCHAR(64) NOT NULL,
  settled_id BIGINT NOT NULL
) {table_opts}
