-- What was pruned of the mapped routes, as JSON, to be brought back within thirty days.
CREATE TABLE route_prunings (
  id {id},
  at BIGINT NOT NULL,
  actor_id BIGINT,
  removed {text} NOT NULL,
  undone_at BIGINT
) {table_opts}
