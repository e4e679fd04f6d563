-- How many ratings the preview would write: many are written in the background.
ALTER TABLE skill_imports ADD COLUMN ratings BIGINT NOT NULL DEFAULT 0
