-- `email_key` is the address in lower case: one person, however it is typed. `name_key` is the name in lower case, for search and order.
CREATE TABLE people (
  id {id},
  email VARCHAR(190),
  email_key VARCHAR(190) UNIQUE,
  name VARCHAR(190) NOT NULL,
  name_key VARCHAR(190) NOT NULL,
  title VARCHAR(190) NOT NULL DEFAULT '',
  team_id BIGINT,
  team_position BIGINT NOT NULL,
  password_hash VARCHAR(190),
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  FOREIGN KEY (team_id) REFERENCES teams (id)
) {table_opts}
