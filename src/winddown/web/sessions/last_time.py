"""The last infusion of this patient in one line, where the next one begins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from winddown.domain.quantities import display
from winddown.record.models import Session
from winddown.services import last_time
from winddown.services.last_time import LastTime


def last_time_words(session: Session, now: datetime) -> dict[str, Any] | None:
    """How fast it ran, what was given, what it did. None before a first infusion; it is no advice for today's rate."""
    found = last_time.before(session, now=now)
    if found is None:
        return None
    rate = display(found.highest_mg_per_h, 1) if found.highest_mg_per_h is not None else "–"
    told = {"day": date_format(found.day, "DATE_FORMAT"), "rate": rate, "mg": display(found.mg, 1), "what": reactions_words(found)}
    words = _("Last time, %(day)s: up to %(rate)s mg/h, %(mg)s mg given. Unwanted effects: %(what)s.") % told
    return {"words": words, "level": "watch" if found.reactions or found.slowed else "unknown"}


def reactions_words(found: LastTime) -> str:
    """What was written down, and whether it was slowed; that nothing was written down is said as that and no more."""
    told = [f"{_(one.words)} ({one.grade})" if one.grade else _(one.words) for one in found.reactions]
    told += [_("slowed, held or stopped")] if found.slowed else []
    return ", ".join(told) or _("none written down")
