CREATE INDEX rating_batches_kind ON rating_batches (kind, id)
