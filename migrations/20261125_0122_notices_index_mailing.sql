CREATE INDEX notices_mailing ON notices (mailing, person_id, id)
