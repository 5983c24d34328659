"""Visits as the public meets them: asked for, kept, confirmed, moved, arrived; and the desk's side of it."""
