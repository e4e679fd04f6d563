-- Skills as a classification names them, the European one (ESCO) for example: suggestions for new skills.
CREATE TABLE concepts (
  id {id},
  uri VARCHAR(190) NOT NULL UNIQUE,
  name VARCHAR(190) NOT NULL,
  name_key VARCHAR(190) NOT NULL,
  reuse_level VARCHAR(40) NOT NULL,
  updated_at BIGINT NOT NULL
) {table_opts}
