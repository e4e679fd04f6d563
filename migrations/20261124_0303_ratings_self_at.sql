-- In UTC milliseconds; NULL while the person has said nothing.
ALTER TABLE ratings ADD COLUMN self_at BIGINT
