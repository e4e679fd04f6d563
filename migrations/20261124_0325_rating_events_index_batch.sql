CREATE INDEX rating_events_batch ON rating_events (batch_id)
