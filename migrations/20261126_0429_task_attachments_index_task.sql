CREATE INDEX task_attachments_task ON task_attachments (task_id, id)
