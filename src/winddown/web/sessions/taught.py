"""What this patient's model learned from, what it did not learn from and why, and what does not fit: in words, for the chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from winddown.domain.pharmacology.honesty import Honesty
from winddown.domain.pharmacology.individual import LeftOut, Lesson, Posterior

COUNTED: Mapping[str, Callable[[int], str]] = {
    "systolic": lambda n: ngettext("%(n)d cuff pressure", "%(n)d cuff pressures", n) % {"n": n},
    "cadss6": lambda n: ngettext("%(n)d CADSS-6 score", "%(n)d CADSS-6 scores", n) % {"n": n},
    "moaas": lambda n: ngettext("%(n)d sedation score", "%(n)d sedation scores", n) % {"n": n},
    "pain": lambda n: ngettext("%(n)d pain score", "%(n)d pain scores", n) % {"n": n},
    "level": lambda n: ngettext("%(n)d drug level", "%(n)d drug levels", n) % {"n": n},
}
Clock = Callable[[datetime], str]


def signs() -> dict[str, str]:
    return {
        "systolic": _("systolic pressure"),
        "cadss6": _("CADSS-6"),
        "moaas": _("MOAA/S"),
        "pain": _("pain"),
        "level": _("drug level"),
    }


def sentences(posterior: Posterior, start_at: datetime, clock: Clock) -> list[dict[str, str]]:
    """Each with a level: calm for what was learned, watch for what was not or does not fit. `clock` writes the place's time."""

    def at(minute: float) -> str:
        return clock(start_at + timedelta(minutes=minute))

    return [
        {"level": "calm", "words": _learned(posterior)},
        *({"level": "watch", "words": _odd(lesson, at)} for lesson in posterior.lessons if not lesson.fits),
        *({"level": "watch", "words": words} for words in _left_out(posterior.left_out, at)),
    ]


def _learned(posterior: Posterior) -> str:
    counts = Counter[str](lesson.observation.kind for lesson in posterior.lessons)
    parts = [COUNTED[kind](counts[kind]) for kind in COUNTED if counts[kind]]
    days = posterior.prior.days_since
    if days is not None:
        parts.append(ngettext("the visit %(n)d day ago", "the visit %(n)d days ago", round(days)) % {"n": round(days)})
    if not parts:
        return _("Nothing has taught this patient's lines yet: they are the typical patient's.")
    return _("This patient's lines are learned from: %s.") % ", ".join(parts)


def _odd(lesson: Lesson, at: Callable[[float], str]) -> str:
    seen = lesson.observation
    told = {"sign": signs()[seen.kind], "value": f"{seen.value:g}", "time": at(seen.at_min)}
    if lesson.low is None or lesson.high is None:
        return _("%(sign)s %(value)s at %(time)s does not fit the course. It stays in the record and pulls little.") % told
    told |= {"low": f"{max(lesson.low, 0):.0f}", "high": f"{lesson.high:.0f}"}
    return (
        _("%(sign)s %(value)s at %(time)s does not fit: %(low)s to %(high)s was expected. It stays in the record and pulls little.") % told
    )


def _left_out(left: Sequence[LeftOut], at: Callable[[float], str]) -> list[str]:
    found: list[str] = []
    for drug in dict.fromkeys(each.drug for each in left if each.drug is not None):
        kinds = dict.fromkeys(signs()[each.observation.kind] for each in left if each.drug == drug)
        found.append(
            _("After %(drug)s at %(time)s no longer taught by: %(signs)s. The bands are wider from there.")
            % {"drug": drug.name, "time": at(drug.at_min), "signs": ", ".join(kinds)}
        )
    counts = Counter(each.code for each in left if each.drug is None)
    return found + [_WHY[code](counts[code]) for code in counts if code in _WHY]


_WHY: Mapping[str, Callable[[int], str]] = {
    "no_resting_value": lambda n: _("No resting value was taken before the start: pressure or pain does not teach."),
    "rate_unknown": lambda n: _("Entries after the rate became unknown do not teach."),
    "no_driver": lambda n: _("This model gives no arterial S-ketamine: no effect may teach it."),
}


def brief(posterior: Posterior) -> dict[str, Any]:
    """For the head of the lane."""
    return {"count": len(posterior.lessons), "odd": sum(not lesson.fits for lesson in posterior.lessons)}


def clinic_words(clinic: Honesty) -> str:
    """The clinic's own error beside the clock, always with its number of visits."""
    if clinic.visits == 0:
        return _("This clinic has not scored this prediction at any visit yet.")
    told: dict[str, Any] = {"n": clinic.visits, "held": clinic.held, "judged": clinic.judged}
    words = ngettext("Scored at %(n)d visit of this clinic.", "Scored at %(n)d visits of this clinic.", clinic.visits) % told
    if clinic.bias_min is not None and clinic.error_min is not None:
        told |= {"bias": f"{clinic.bias_min:+.0f}", "error": f"{clinic.error_min:.0f}"}
        words += " " + _("Middle error %(bias)s min (below zero: too early), half within %(error)s min.") % told
    if clinic.judged:
        words += " " + _("The nine-in-ten time held in %(held)d of %(judged)d.") % told
    return words + " " + VERDICTS[clinic.verdict]()


VERDICTS: Mapping[str, Callable[[], str]] = {
    "too_few": lambda: _("Too few visits to judge it."),
    "as_promised": lambda: _("So far it holds as promised here."),
    "cautious": lambda: _("So far it is over later than predicted less often than promised: it is cautious here."),
    "drifted": lambda: _("It does not hold here: the clock is switched off until it is mended."),
}
