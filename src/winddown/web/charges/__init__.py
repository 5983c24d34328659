"""Lines for the bill, month by month."""
