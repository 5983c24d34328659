"""Dates on an English page: the month in letters, so that 03/04 is no other day to anybody.

An hour that a message tells a patient stays as American English writes it; the chart writes its own 24-hour clock.
"""

from __future__ import annotations

DATE_FORMAT = "j M Y"
SHORT_DATE_FORMAT = "j M Y"
MONTH_DAY_FORMAT = "j M"
SHORT_DATETIME_FORMAT = "j M Y H:i"
