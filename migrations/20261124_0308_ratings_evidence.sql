-- Where the proof is: a link, or the number of a certificate.
ALTER TABLE ratings ADD COLUMN evidence VARCHAR(500) NOT NULL DEFAULT ''
