-- Other names of a skill, by which it is found as well. `alias_key` is the alias in lower case.
CREATE TABLE skill_aliases (
  skill_id BIGINT NOT NULL,
  alias VARCHAR(190) NOT NULL,
  alias_key VARCHAR(190) NOT NULL,
  PRIMARY KEY (skill_id, alias_key),
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
