-- What somebody has to be able to do for a task, and how well, in hundredths on the scale of the skill.
CREATE TABLE task_skills (
  task_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  level BIGINT NOT NULL,
  PRIMARY KEY (task_id, skill_id),
  FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE CASCADE,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
