CREATE INDEX task_assignees_person ON task_assignees (person_id, task_id)
