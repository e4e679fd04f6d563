CREATE INDEX task_events_task ON task_events (task_id, version)
