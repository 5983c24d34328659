"""Suicide safety: what an answer means, which words in a text are red, and where a person finds help at once."""
