CREATE INDEX skill_merges_kept ON skill_merges (kept_id, id)
