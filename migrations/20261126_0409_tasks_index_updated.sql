CREATE INDEX tasks_updated ON tasks (project_id, is_open, updated_at, id)
