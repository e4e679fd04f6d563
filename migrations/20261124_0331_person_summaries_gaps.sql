-- In how many skills the person is below what is required.
ALTER TABLE person_summaries ADD COLUMN gaps BIGINT NOT NULL DEFAULT 0
