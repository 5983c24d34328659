"""Alarms: limits from the protocol, judged against this patient's baseline; a second display, never the first."""
