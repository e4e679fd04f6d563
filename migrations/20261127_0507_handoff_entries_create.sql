-- Which items a handoff hands on.
CREATE TABLE handoff_entries (
  handoff_id BIGINT NOT NULL,
  item_id BIGINT NOT NULL,
  PRIMARY KEY (handoff_id, item_id),
  FOREIGN KEY (handoff_id) REFERENCES handoffs (id) ON DELETE CASCADE,
  FOREIGN KEY (item_id) REFERENCES handoff_items (id) ON DELETE CASCADE
) {table_opts}
