"""One infusion visit: its append-only story, its status, what is due next, and what must be true before the start."""
