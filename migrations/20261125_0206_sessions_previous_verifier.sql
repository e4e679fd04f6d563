-- The one before it: two tabs may come with the same, and an answer may be lost.
ALTER TABLE sessions ADD COLUMN previous_verifier_hash VARCHAR(64)
