CREATE INDEX handoffs_team ON handoffs (team_id, state, sent_at)
