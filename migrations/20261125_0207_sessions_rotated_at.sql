ALTER TABLE sessions ADD COLUMN rotated_at BIGINT
