-- A task. `position` orders the tasks of a status, with gaps. `priority` goes from 0, none, to 4, urgent. `is_open` is false
-- once its status is a done one. `started_at` is when it first came into work, `moved_at` when its status last changed,
-- `touched_at` when anybody last changed or said anything. `submission` is the number of the form that it was made with, so
-- that one which is sent twice makes one task.
CREATE TABLE tasks (
  id {id},
  project_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  title VARCHAR(300) NOT NULL,
  title_key VARCHAR(300) NOT NULL,
  description {text} NOT NULL,
  status_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  starts_on VARCHAR(10),
  due_on VARCHAR(10),
  estimate_min BIGINT,
  parent_id BIGINT,
  is_open BOOLEAN NOT NULL,
  submission VARCHAR(40),
  version BIGINT NOT NULL DEFAULT 1,
  created_by BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  touched_at BIGINT NOT NULL,
  moved_at BIGINT NOT NULL,
  started_at BIGINT,
  closed_at BIGINT,
  UNIQUE (project_id, number),
  UNIQUE (project_id, submission),
  FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
  FOREIGN KEY (status_id) REFERENCES project_statuses (id),
  FOREIGN KEY (parent_id) REFERENCES tasks (id) ON DELETE SET NULL
) {table_opts}
