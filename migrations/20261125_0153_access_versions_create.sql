-- One row, which grows with every change of what somebody may do. Who changes that writes it first, and so is alone.
CREATE TABLE access_versions (
  id BIGINT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
) {table_opts}
