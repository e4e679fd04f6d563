-- Opened with a second factor, or by an issuer that sees to one.
ALTER TABLE sessions ADD COLUMN strong BOOLEAN NOT NULL DEFAULT FALSE
