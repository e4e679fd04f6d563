CREATE INDEX people_order ON people (active, team_position, name_key, id)
