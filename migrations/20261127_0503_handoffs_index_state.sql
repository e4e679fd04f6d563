CREATE INDEX handoffs_state ON handoffs (state, sent_at)
