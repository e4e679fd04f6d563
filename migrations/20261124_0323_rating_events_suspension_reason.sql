ALTER TABLE rating_events ADD COLUMN suspension_reason VARCHAR(500) NOT NULL DEFAULT ''
