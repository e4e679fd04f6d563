-- What the cookie of “stay logged in” finds the session by, as SHA-256.
ALTER TABLE sessions ADD COLUMN selector VARCHAR(64)
