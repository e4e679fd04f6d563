CREATE INDEX people_team ON people (team_id, active, name_key, id)
