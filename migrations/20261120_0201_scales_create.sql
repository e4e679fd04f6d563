-- Levels are kept in hundredths, so that a fraction compares exactly. `step` is the distance between two levels that can be chosen.
CREATE TABLE scales (
  id {id},
  name VARCHAR(80) NOT NULL UNIQUE,
  lowest BIGINT NOT NULL,
  highest BIGINT NOT NULL,
  step BIGINT NOT NULL,
  position BIGINT NOT NULL
) {table_opts}
