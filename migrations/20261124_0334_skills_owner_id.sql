-- The person who looks after the skill, and confirms its levels.
ALTER TABLE skills ADD COLUMN owner_id BIGINT
