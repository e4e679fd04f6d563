CREATE INDEX rating_events_actor ON rating_events (actor_id, id)
