-- What somebody has to be able to do for an item, and how well, in hundredths on the scale of the skill.
CREATE TABLE handoff_item_skills (
  item_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  level BIGINT NOT NULL,
  PRIMARY KEY (item_id, skill_id),
  FOREIGN KEY (item_id) REFERENCES handoff_items (id) ON DELETE CASCADE,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
