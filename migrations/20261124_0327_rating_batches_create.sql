-- Many ratings changed together, by a paste or a file, so that they can be taken back together. `kind` is paste or import;
-- `detail` is JSON: what was made beside the ratings.
CREATE TABLE rating_batches (
  id {id},
  person_id BIGINT,
  kind VARCHAR(20) NOT NULL,
  title VARCHAR(190) NOT NULL,
  detail {text} NOT NULL,
  at BIGINT NOT NULL,
  undone_at BIGINT
) {table_opts}
