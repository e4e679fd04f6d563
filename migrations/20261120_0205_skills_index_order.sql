CREATE INDEX skills_order ON skills (category_position, name_key, id)
