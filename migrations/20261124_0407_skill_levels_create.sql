-- What a level means for one skill, in place of what its scale says. An empty text leaves that of the scale.
CREATE TABLE skill_levels (
  skill_id BIGINT NOT NULL,
  level BIGINT NOT NULL,
  name VARCHAR(80) NOT NULL,
  description VARCHAR(500) NOT NULL,
  PRIMARY KEY (skill_id, level),
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
