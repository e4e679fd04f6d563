-- What that cookie proves itself by, as SHA-256. It changes with each use.
ALTER TABLE sessions ADD COLUMN verifier_hash VARCHAR(64)
