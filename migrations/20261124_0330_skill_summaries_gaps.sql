-- How many active people are below what is required of them.
ALTER TABLE skill_summaries ADD COLUMN gaps BIGINT NOT NULL DEFAULT 0
