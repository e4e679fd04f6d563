-- The last day on which a certificate holds, as YYYY-MM-DD.
ALTER TABLE ratings ADD COLUMN valid_until VARCHAR(10)
