-- waiting, running, done or failed. Two who accept the same upload set it by an UPDATE that only one of them wins.
ALTER TABLE skill_imports ADD COLUMN state VARCHAR(20) NOT NULL DEFAULT 'waiting'
