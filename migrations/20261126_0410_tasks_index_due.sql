CREATE INDEX tasks_due ON tasks (is_open, due_on, project_id)
