-- What people do in this organisation, as "Crane operator"; several people have one, and a person may have several.
-- `profile_code` tells which profile it began with, if it did.
CREATE TABLE job_roles (
  id {id},
  name VARCHAR(190) NOT NULL,
  name_key VARCHAR(190) NOT NULL UNIQUE,
  profile_code VARCHAR(40),
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
) {table_opts}
