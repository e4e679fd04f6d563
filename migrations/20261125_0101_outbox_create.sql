-- Mails on their way. `state` is waiting, sent, failed (given up, with `problem`) or dropped (of no use any more). While a
-- process sends a mail, `due_at` is the end of its lease. `text` is emptied once it is sent or dropped; `sealed` texts are
-- encrypted. `person_id` is set where a mail is for somebody as long as they are active; `expires_at` where it is of no
-- use later.
CREATE TABLE outbox (
  id {id},
  dedup_key VARCHAR(190) NOT NULL,
  person_id BIGINT,
  recipient VARCHAR(190) NOT NULL,
  subject VARCHAR(500) NOT NULL,
  text {text} NOT NULL,
  sealed BOOLEAN NOT NULL,
  state VARCHAR(10) NOT NULL,
  attempts BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  ended_at BIGINT,
  problem VARCHAR(500) NOT NULL,
  UNIQUE (dedup_key),
  FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
) {table_opts}
