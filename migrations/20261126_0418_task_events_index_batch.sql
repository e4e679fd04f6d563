CREATE INDEX task_events_batch ON task_events (batch_id)
