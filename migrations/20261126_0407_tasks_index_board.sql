CREATE INDEX tasks_board ON tasks (status_id, position, id)
