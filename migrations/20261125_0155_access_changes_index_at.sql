CREATE INDEX access_changes_at ON access_changes (at, id)
