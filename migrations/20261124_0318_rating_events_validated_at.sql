ALTER TABLE rating_events ADD COLUMN validated_at BIGINT
