-- Whether the person refuses that an administrator looks at the portal as them.
ALTER TABLE people ADD COLUMN refuses_viewing BOOLEAN NOT NULL DEFAULT FALSE
