"""Floor 2: what people and devices do. Verbs, one transaction each, the only writers."""
