CREATE INDEX rating_events_skill ON rating_events (skill_id, at)
