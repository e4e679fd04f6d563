-- Somebody asked for a new password for an address, whether anybody has it or not. Who has it is looked up later, so that
-- asking takes the same time. `client` is where it came from: the IPv4 address, or the first half of the IPv6 one.
CREATE TABLE password_reset_requests (
  id {id},
  email_key VARCHAR(190) NOT NULL,
  client VARCHAR(64) NOT NULL,
  at BIGINT NOT NULL,
  answered_at BIGINT
) {table_opts}
