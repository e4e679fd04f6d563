-- The browser has not yet come with what it was given last.
ALTER TABLE sessions ADD COLUMN unconfirmed BOOLEAN NOT NULL DEFAULT FALSE
