CREATE INDEX notices_unread ON notices (person_id, read_at, id)
