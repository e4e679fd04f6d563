-- What is asked for when the history begins, as if it always had been: from the last change of the skill's scale on, because
-- before that a level meant something else.
INSERT INTO requirement_events (person_id, skill_id, at, level)
SELECT q.person_id, q.skill_id,
  COALESCE((SELECT MAX(COALESCE(x.undone_at, x.at)) FROM skill_rescalings x WHERE x.skill_id = q.skill_id), 0), q.level
FROM requirements q
