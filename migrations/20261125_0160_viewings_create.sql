-- An administrator looks at the portal as somebody else. It outlives its session, because the person may look it up.
CREATE TABLE viewings (
  id {id},
  session_id BIGINT NOT NULL,
  viewer_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  started_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  FOREIGN KEY (viewer_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
