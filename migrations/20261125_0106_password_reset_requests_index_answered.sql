CREATE INDEX password_reset_requests_answered ON password_reset_requests (answered_at, id)
