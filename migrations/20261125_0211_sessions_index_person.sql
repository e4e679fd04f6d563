CREATE INDEX sessions_person ON sessions (person_id)
