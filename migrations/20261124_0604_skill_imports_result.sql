-- JSON: what was done, or why not.
ALTER TABLE skill_imports ADD COLUMN result {text}
