-- What becomes of a notice by mail: `open` until that is worked out, then `none`, `digest` (waits for that of the day), `mailed`.
-- Those from before are told of in the app alone.
ALTER TABLE notices ADD COLUMN mailing VARCHAR(10) NOT NULL DEFAULT 'none'
