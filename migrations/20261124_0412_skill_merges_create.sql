-- Two skills that became one. `detail` is JSON: the labels and targets that the kept one got, so that it can be undone; the
-- ratings are in the batch.
CREATE TABLE skill_merges (
  id {id},
  kept_id BIGINT NOT NULL,
  merged_id BIGINT NOT NULL,
  batch_id BIGINT NOT NULL,
  person_id BIGINT,
  ratings BIGINT NOT NULL,
  detail {text} NOT NULL,
  at BIGINT NOT NULL,
  undone_at BIGINT,
  FOREIGN KEY (kept_id) REFERENCES skills (id) ON DELETE CASCADE,
  FOREIGN KEY (merged_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
