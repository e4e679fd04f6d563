CREATE INDEX target_events_past ON target_events (target_id, at, id)
