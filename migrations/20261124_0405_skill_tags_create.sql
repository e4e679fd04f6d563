-- What skills of different categories have in common. `tag_key` is the tag in lower case.
CREATE TABLE skill_tags (
  skill_id BIGINT NOT NULL,
  tag VARCHAR(60) NOT NULL,
  tag_key VARCHAR(60) NOT NULL,
  PRIMARY KEY (skill_id, tag_key),
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
