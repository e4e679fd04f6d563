CREATE INDEX project_members_person ON project_members (person_id, project_id)
