CREATE INDEX events_actor ON events (actor_id, id)
