-- A skill that was given another scale. `detail` is JSON: what each level became, and the texts and targets as they were
-- before; the ratings are in the batch.
CREATE TABLE skill_rescalings (
  id {id},
  skill_id BIGINT NOT NULL,
  from_scale_id BIGINT NOT NULL,
  to_scale_id BIGINT NOT NULL,
  batch_id BIGINT NOT NULL,
  person_id BIGINT,
  ratings BIGINT NOT NULL,
  detail {text} NOT NULL,
  at BIGINT NOT NULL,
  undone_at BIGINT,
  FOREIGN KEY (skill_id) REFERENCES skills (id) ON DELETE CASCADE
) {table_opts}
