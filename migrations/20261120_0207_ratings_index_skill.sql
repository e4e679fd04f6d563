CREATE INDEX ratings_skill ON ratings (skill_id, level)
