-- The category with the empty name holds the skills that have none.
CREATE TABLE skill_categories (
  id {id},
  name VARCHAR(190) NOT NULL UNIQUE,
  name_key VARCHAR(190) NOT NULL,
  position BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
) {table_opts}
