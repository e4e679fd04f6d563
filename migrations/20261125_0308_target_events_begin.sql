-- As with requirement_events.
INSERT INTO target_events (target_id, at, skill_id, team_id, job_role_id, level, at_least, gone)
SELECT t.id, COALESCE((SELECT MAX(COALESCE(x.undone_at, x.at)) FROM skill_rescalings x WHERE x.skill_id = t.skill_id), 0),
  t.skill_id, t.team_id, t.job_role_id, t.level, t.at_least, FALSE
FROM targets t
