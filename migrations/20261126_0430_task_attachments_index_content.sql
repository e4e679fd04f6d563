CREATE INDEX task_attachments_content ON task_attachments (content)
