-- A handoff of responsibility: from the author, for the team, to a person (`receiver_id`) or whoever of a team takes it
-- (`receiver_team_id`). `state` is draft, sent, accepted, declined or withdrawn; `ended_by` is who brought it out of sent.
-- Until it is accepted the author stays responsible. Changes since `since_at` were filled in. `reminded_at` and
-- `escalated_at` are NULL until that was done. `submission` is the number of the form that began it.
CREATE TABLE handoffs (
  id {id},
  team_id BIGINT NOT NULL,
  author_id BIGINT NOT NULL,
  receiver_id BIGINT,
  receiver_team_id BIGINT,
  severity VARCHAR(10) NOT NULL,
  title VARCHAR(190) NOT NULL,
  title_key VARCHAR(190) NOT NULL,
  template VARCHAR(10) NOT NULL,
  state VARCHAR(10) NOT NULL,
  since_at BIGINT NOT NULL,
  sent_at BIGINT,
  ended_at BIGINT,
  ended_by BIGINT,
  synthesis {text} NOT NULL,
  reason {text} NOT NULL,
  reminded_at BIGINT,
  escalated_at BIGINT,
  submission VARCHAR(40),
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  UNIQUE (author_id, submission),
  FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  FOREIGN KEY (receiver_team_id) REFERENCES teams (id) ON DELETE SET NULL,
  FOREIGN KEY (author_id) REFERENCES people (id) ON DELETE CASCADE,
  FOREIGN KEY (receiver_id) REFERENCES people (id) ON DELETE SET NULL
) {table_opts}
