CREATE INDEX requirement_events_skill ON requirement_events (skill_id, person_id, at, id)
