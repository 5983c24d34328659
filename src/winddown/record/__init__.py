"""Floor 2: what happened. Tables, constraints, and queries inside a practice's scope."""
