CREATE INDEX requirement_events_past ON requirement_events (person_id, skill_id, at, id)
