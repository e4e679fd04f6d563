CREATE INDEX training_plans_trainer ON training_plans (trainer_id, state)
