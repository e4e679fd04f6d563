CREATE INDEX skill_tags_key ON skill_tags (tag_key, skill_id)
