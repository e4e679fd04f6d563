CREATE INDEX assessments_state ON assessments (state, due)
