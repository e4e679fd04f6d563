CREATE INDEX handoff_items_team ON handoff_items (team_id, closed_at, id)
