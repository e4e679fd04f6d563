CREATE INDEX skill_rescalings_skill ON skill_rescalings (skill_id, id)
