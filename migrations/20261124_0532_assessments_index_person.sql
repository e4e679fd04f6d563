CREATE INDEX assessments_person ON assessments (person_id, state)
