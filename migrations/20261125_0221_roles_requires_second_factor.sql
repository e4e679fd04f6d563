-- Who has this role logs in with a second factor, or can do nothing but set one up.
ALTER TABLE roles ADD COLUMN requires_second_factor BOOLEAN NOT NULL DEFAULT FALSE
