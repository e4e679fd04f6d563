CREATE INDEX rating_events_past ON rating_events (person_id, skill_id, at, id)
