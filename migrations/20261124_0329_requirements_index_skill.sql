CREATE INDEX requirements_skill ON requirements (skill_id, person_id)
