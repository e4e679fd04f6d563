-- Until when that cookie opens the session again; `expires_at` is about its own cookie.
ALTER TABLE sessions ADD COLUMN remembered_until BIGINT
