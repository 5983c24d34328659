"""Floor 3: the `winddown` command line."""
