-- All scopes of a token, where `scopes` has no room for them and says `-`, which allows nothing.
ALTER TABLE api_tokens ADD COLUMN scope_names {text}
