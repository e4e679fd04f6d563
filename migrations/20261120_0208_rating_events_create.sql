-- Every change of a rating, with the values after it. `origin` tells by what means: cell, page, api or import.
CREATE TABLE rating_events (
  id {id},
  person_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_id BIGINT,
  origin VARCHAR(20) NOT NULL,
  level BIGINT,
  not_applicable BOOLEAN NOT NULL,
  interest BIGINT,
  note VARCHAR(2000) NOT NULL
) {table_opts}
