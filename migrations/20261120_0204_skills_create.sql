-- Two skills of one category differ in their exact name; two categories may each have a skill of the same name.
CREATE TABLE skills (
  id {id},
  category_id BIGINT NOT NULL,
  category_position BIGINT NOT NULL,
  name VARCHAR(190) NOT NULL,
  name_key VARCHAR(190) NOT NULL,
  description {text} NOT NULL,
  uri VARCHAR(500) NOT NULL,
  scale_id BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (category_id, name),
  FOREIGN KEY (category_id) REFERENCES skill_categories (id),
  FOREIGN KEY (scale_id) REFERENCES scales (id)
) {table_opts}
