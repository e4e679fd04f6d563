-- How a team hands off: its template (`own` is the lines of `own_sections`), and after how many minutes a handoff that nobody
-- accepted is brought to mind, and then to the leads.
CREATE TABLE handoff_teams (
  team_id BIGINT NOT NULL PRIMARY KEY,
  template VARCHAR(10) NOT NULL,
  own_sections {text} NOT NULL,
  remind_min BIGINT NOT NULL,
  escalate_min BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
) {table_opts}
