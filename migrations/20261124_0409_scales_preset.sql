-- What a renamed scale was called as a preset, so that the preset is not made once more.
ALTER TABLE scales ADD COLUMN preset VARCHAR(80)
