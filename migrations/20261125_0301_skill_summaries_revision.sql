-- Grows when what is asked for in a skill, or its scale, changes: who read a cell before that must look again.
ALTER TABLE skill_summaries ADD COLUMN revision BIGINT NOT NULL DEFAULT 0
