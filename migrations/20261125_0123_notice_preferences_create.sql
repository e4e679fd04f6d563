-- How somebody wants to hear of a kind of notice, where it is not the way of the kind: app, mail, digest or off.
CREATE TABLE notice_preferences (
  person_id BIGINT NOT NULL,
  kind VARCHAR(80) NOT NULL,
  channel VARCHAR(10) NOT NULL,
  PRIMARY KEY (person_id, kind),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
