-- An archived skill keeps its ratings, and is left out of the matrix and of every choice.
ALTER TABLE skills ADD COLUMN active BOOLEAN NOT NULL DEFAULT TRUE
