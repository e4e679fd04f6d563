CREATE INDEX training_plans_person ON training_plans (person_id, state)
