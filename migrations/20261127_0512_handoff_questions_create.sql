-- What the receiver asks before accepting, of an item or of the whole, and what they were answered.
CREATE TABLE handoff_questions (
  id {id},
  handoff_id BIGINT NOT NULL,
  item_id BIGINT,
  asked_by BIGINT,
  question {text} NOT NULL,
  asked_at BIGINT NOT NULL,
  answered_by BIGINT,
  answer {text} NOT NULL,
  answered_at BIGINT,
  submission VARCHAR(40),
  UNIQUE (handoff_id, submission),
  FOREIGN KEY (handoff_id) REFERENCES handoffs (id) ON DELETE CASCADE,
  FOREIGN KEY (item_id) REFERENCES handoff_items (id) ON DELETE SET NULL,
  FOREIGN KEY (asked_by) REFERENCES people (id) ON DELETE SET NULL,
  FOREIGN KEY (answered_by) REFERENCES people (id) ON DELETE SET NULL
) {table_opts}
