-- Plugins that administrators switched while the portal runs. One without a row is on. `version` counts the changes.
CREATE TABLE plugin_switches (
  plugin VARCHAR(40) NOT NULL PRIMARY KEY,
  is_on BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
) {table_opts}
