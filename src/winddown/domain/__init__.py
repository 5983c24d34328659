"""Floor 1: what is true. No clock, no socket, no Django, no database."""
