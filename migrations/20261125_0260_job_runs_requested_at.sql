-- When somebody asked for a run ahead of its time; NULL when nobody waits for one.
ALTER TABLE job_runs ADD COLUMN requested_at BIGINT
