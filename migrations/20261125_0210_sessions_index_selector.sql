CREATE UNIQUE INDEX sessions_selector ON sessions (selector)
