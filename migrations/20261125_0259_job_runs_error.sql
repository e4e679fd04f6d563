-- Why the last run failed; empty when it did not.
ALTER TABLE job_runs ADD COLUMN error VARCHAR(500) NOT NULL DEFAULT ''
