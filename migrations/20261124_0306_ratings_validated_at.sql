-- In UTC milliseconds; NULL while nobody has confirmed anything.
ALTER TABLE ratings ADD COLUMN validated_at BIGINT
