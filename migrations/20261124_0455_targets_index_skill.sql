CREATE INDEX targets_skill ON targets (skill_id)
