ALTER TABLE ratings ADD COLUMN validated_level BIGINT
