ALTER TABLE rating_events ADD COLUMN valid_until VARCHAR(10)
