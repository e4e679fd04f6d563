-- Changes of people that administrators made together, so that they can be taken back together. `detail` tells in words what
-- was done; `undone_at` is NULL until it was taken back.
CREATE TABLE people_batches (
  id {id},
  at BIGINT NOT NULL,
  actor_id BIGINT,
  kind VARCHAR(20) NOT NULL,
  detail VARCHAR(300) NOT NULL,
  undone_at BIGINT
) {table_opts}
