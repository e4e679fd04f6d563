CREATE INDEX passkeys_person ON passkeys (person_id)
