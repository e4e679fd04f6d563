CREATE INDEX rating_events_cell ON rating_events (person_id, skill_id, id)
