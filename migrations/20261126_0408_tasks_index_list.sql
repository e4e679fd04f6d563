CREATE INDEX tasks_list ON tasks (project_id, is_open, number)
