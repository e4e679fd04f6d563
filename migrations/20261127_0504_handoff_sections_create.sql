-- The parts of a handoff, in Markdown. `writer` is the number of the page that wrote last: what the same page saves again,
-- because an answer was lost on the way, is no conflict.
CREATE TABLE handoff_sections (
  handoff_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  title VARCHAR(80) NOT NULL,
  hint VARCHAR(190) NOT NULL,
  body {text} NOT NULL,
  body_key {text} NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  writer VARCHAR(40) NOT NULL,
  edited_by BIGINT,
  edited_at BIGINT,
  PRIMARY KEY (handoff_id, position),
  FOREIGN KEY (handoff_id) REFERENCES handoffs (id) ON DELETE CASCADE,
  FOREIGN KEY (edited_by) REFERENCES people (id) ON DELETE SET NULL
) {table_opts}
