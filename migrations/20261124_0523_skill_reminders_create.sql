-- How many days before a certificate of the skill expires people are reminded, as 90,30,7,0. A skill without a row is
-- reminded of at the usual days.
CREATE TABLE skill_reminders (
  skill_id BIGINT NOT NULL PRIMARY KEY,
  days VARCHAR(80) NOT NULL,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
