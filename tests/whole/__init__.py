"""A whole service as it ships, in a data folder of its own: for tests that kill parts of it, and for measuring."""
