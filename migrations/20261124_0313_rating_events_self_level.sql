ALTER TABLE rating_events ADD COLUMN self_level BIGINT
