CREATE INDEX password_reset_requests_client ON password_reset_requests (client, at)
