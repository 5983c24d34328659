"""Floor 3: pages, forms and the live stream. Parse, call one service, present."""
