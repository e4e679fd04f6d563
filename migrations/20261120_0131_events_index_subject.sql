CREATE INDEX events_subject ON events (subject, id)
