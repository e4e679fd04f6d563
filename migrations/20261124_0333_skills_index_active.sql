CREATE INDEX skills_active ON skills (active, category_position, name_key, id)
