CREATE INDEX job_role_people_person ON job_role_people (person_id, job_role_id)
