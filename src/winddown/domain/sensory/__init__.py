"""Pinprick and wind-up testing at the bedside: what is applied in which order, and what the answers come to."""
