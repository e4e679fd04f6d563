CREATE INDEX skill_aliases_key ON skill_aliases (alias_key)
