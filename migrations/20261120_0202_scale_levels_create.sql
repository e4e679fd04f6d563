-- The levels that have a name. A scale with fractions names its whole levels only.
CREATE TABLE scale_levels (
  scale_id BIGINT NOT NULL,
  level BIGINT NOT NULL,
  code VARCHAR(20) NOT NULL,
  name VARCHAR(80) NOT NULL,
  description VARCHAR(500) NOT NULL,
  PRIMARY KEY (scale_id, level),
  FOREIGN KEY (scale_id) REFERENCES scales (id) ON DELETE CASCADE
) {table_opts}
