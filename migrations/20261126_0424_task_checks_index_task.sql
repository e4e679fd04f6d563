CREATE INDEX task_checks_task ON task_checks (task_id, id)
