-- The batch that the change belongs to, if it was made together with others.
ALTER TABLE rating_events ADD COLUMN batch_id BIGINT
