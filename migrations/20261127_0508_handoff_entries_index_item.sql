CREATE INDEX handoff_entries_item ON handoff_entries (item_id, handoff_id)
