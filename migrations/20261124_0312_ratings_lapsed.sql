-- Whether it is expired or suspended today, so that the level does not count. Kept by every save, and by a job as days pass.
ALTER TABLE ratings ADD COLUMN lapsed BOOLEAN NOT NULL DEFAULT FALSE
