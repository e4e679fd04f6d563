-- What an occupation asks for in general, as O*NET publishes it: something to start a job role from.
CREATE TABLE role_profiles (
  code VARCHAR(40) NOT NULL PRIMARY KEY,
  name VARCHAR(190) NOT NULL,
  name_key VARCHAR(190) NOT NULL
) {table_opts}
