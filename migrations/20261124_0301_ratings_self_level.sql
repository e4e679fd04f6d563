-- What the person says of themself, and what somebody else has confirmed. `level` is what counts: the confirmed one, else their own.
ALTER TABLE ratings ADD COLUMN self_level BIGINT
