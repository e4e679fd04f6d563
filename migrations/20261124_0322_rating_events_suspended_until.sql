ALTER TABLE rating_events ADD COLUMN suspended_until VARCHAR(10)
