-- The category above; none for a root. `name` is the whole path, “Workshop › Welding”, and `position` counts depth-first.
ALTER TABLE skill_categories ADD COLUMN parent_id BIGINT
