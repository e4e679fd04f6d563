-- Whom a mapped route admits: `kind` is role or person. No foreign key: a route whose only role is gone admits nobody,
-- where a row that vanished with its role would open the route again.
CREATE TABLE route_grantees (
  route_id BIGINT NOT NULL,
  kind VARCHAR(10) NOT NULL,
  target_id BIGINT NOT NULL,
  PRIMARY KEY (route_id, kind, target_id),
  FOREIGN KEY (route_id) REFERENCES mapped_routes (id) ON DELETE CASCADE
) {table_opts}
