-- When it last began to run.
ALTER TABLE skill_imports ADD COLUMN started_at BIGINT
