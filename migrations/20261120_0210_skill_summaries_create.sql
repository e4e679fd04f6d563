-- Kept with every rating, so that opening a window of the matrix costs the same for 50 people and for 5,000.
-- `able` counts the active people above level zero, `rated` those with a level; `level_sum` adds their levels, in hundredths.
CREATE TABLE skill_summaries (
  skill_id BIGINT NOT NULL PRIMARY KEY,
  able BIGINT NOT NULL,
  rated BIGINT NOT NULL,
  level_sum BIGINT NOT NULL,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
