CREATE INDEX password_reset_requests_email ON password_reset_requests (email_key, at)
