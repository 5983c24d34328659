"""Floor 3: work driven by a clock. Ids in, one service called."""
