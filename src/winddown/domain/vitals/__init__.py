"""Vital signs: the kinds we know, one reading, and the stream that labels readings without ever dropping one."""
