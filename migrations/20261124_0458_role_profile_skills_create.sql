-- Importance (1 to 5) and level (0 to 7) are kept in hundredths.
CREATE TABLE role_profile_skills (
  code VARCHAR(40) NOT NULL,
  skill VARCHAR(190) NOT NULL,
  importance BIGINT NOT NULL,
  level BIGINT NOT NULL,
  PRIMARY KEY (code, skill),
  FOREIGN KEY (code) REFERENCES role_profiles (code) ON DELETE CASCADE
) {table_opts}
