-- Every change of roles, of who has them and of routes, append-only, so that a past day can be told from the present.
-- No foreign keys: it also tells of what is gone. `name` is a permission, a route or the title of a role.
CREATE TABLE access_changes (
  id {id},
  at BIGINT NOT NULL,
  actor_id BIGINT,
  kind VARCHAR(20) NOT NULL,
  person_id BIGINT,
  role_id BIGINT,
  parent_id BIGINT,
  name VARCHAR(190) NOT NULL,
  added BOOLEAN NOT NULL
) {table_opts}
