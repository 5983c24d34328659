"""The embedded PostgreSQL, in rooms: its programs, the account it runs as, its server process, its roles, its dumps."""
