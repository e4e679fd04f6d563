-- A person.
ALTER TABLE ratings ADD COLUMN validated_by BIGINT
