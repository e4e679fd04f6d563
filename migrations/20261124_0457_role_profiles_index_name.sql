CREATE INDEX role_profiles_name ON role_profiles (name_key, code)
