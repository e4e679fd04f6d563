CREATE INDEX viewings_person ON viewings (person_id, id)
