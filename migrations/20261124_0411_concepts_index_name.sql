CREATE INDEX concepts_name ON concepts (name_key, id)
