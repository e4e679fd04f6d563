CREATE INDEX assessment_items_skill ON assessment_items (skill_id)
