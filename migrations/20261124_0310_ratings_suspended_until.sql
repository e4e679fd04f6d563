-- The last day on which the person must not do it, as YYYY-MM-DD; with a reason.
ALTER TABLE ratings ADD COLUMN suspended_until VARCHAR(10)
