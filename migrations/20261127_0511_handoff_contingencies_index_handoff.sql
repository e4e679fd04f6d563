CREATE INDEX handoff_contingencies_handoff ON handoff_contingencies (handoff_id, id)
