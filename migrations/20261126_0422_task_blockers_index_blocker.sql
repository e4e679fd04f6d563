CREATE INDEX task_blockers_blocker ON task_blockers (blocker_id, task_id)
