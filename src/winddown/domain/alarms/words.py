"""The words of an alarm as the nurse reads them: value, limit, time, what the protocol says next, and what this display is not."""

from __future__ import annotations

from datetime import tzinfo

from winddown.domain.alarms.condition import SECOND_DISPLAY, Tier
from winddown.domain.alarms.evaluate import Cleared, News

HEADINGS: dict[Tier, str] = {"recheck": "Recheck", "notify": "Notify", "hold": "Protocol: hold", "stop": "Protocol: stop and rescue"}


def sentence(news: News, *, zone: tzinfo) -> str:
    """One paragraph. zone is the location's, for the time of the reading."""
    read_at = f", read {news.observed_at.astimezone(zone):%H:%M:%S}" if news.observed_at and news.value is not None else ""
    if isinstance(news, Cleared):
        return f"Cleared. {news.because}{read_at}."
    return f"{HEADINGS[news.tier]}. {news.because}{read_at}. {news.do} {SECOND_DISPLAY}"
