-- How often a route was used, counted in the processes and added here once a minute.
CREATE TABLE route_uses (
  route VARCHAR(190) NOT NULL PRIMARY KEY,
  uses BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL
) {table_opts}
