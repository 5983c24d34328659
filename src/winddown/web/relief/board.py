"""The board of honesty in words: each kind of forecast against what happened, and the forecast of relief group by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.pharmacology.honesty import Honesty
from winddown.domain.relief.honesty import FEWEST, FEWEST_PATIENTS, Held, Sums, by
from winddown.record.models import Location, ProtocolVersion
from winddown.web.relief.present import points

BESIDE = {
    "opioid": __("an opioid"),
    "benzodiazepine": __("a benzodiazepine"),
    "gabapentinoid": __("a gabapentinoid"),
    "antidepressant": __("an antidepressant"),
    "none": __("none of these"),
    "unknown": __("nobody asked"),
}
VERDICTS = {
    "too_few": __("Too few evenings to judge."),
    "holds": __("Beats both simple rules."),
    "beaten_by_the_last_score": __("Switched off: the last score carried forward does as well."),
    "beaten_by_the_group": __("Switched off: the mean of the group does as well."),
    "too_narrow": __("Switched off: its bands are too narrow."),
}
OF_A_GROUP = {
    "too_few": __("too few to judge"),
    "holds": __("beats both rules"),
    "beaten_by_the_last_score": __("loses to the last score"),
    "beaten_by_the_group": __("loses to the mean"),
    "too_narrow": __("bands too narrow"),
}
DECADES = 20


def groups(parts: Sequence[Sums]) -> list[dict[str, Any]]:
    """The record by protocol, place, age and medicine, with its counts. Two queries."""
    places = {str(pk): name for pk, name in Location.objects.values_list("pk", "name")}
    protocols = {row.key: row.name for row in ProtocolVersion.objects.order_by("version")}
    ways: tuple[tuple[Any, Callable[[Mapping[str, Any]], str], Mapping[str, Any]], ...] = (
        (_("Protocol"), lambda about: str(about.get("protocol") or ""), protocols),
        (_("Location"), lambda about: str(about.get("location") or ""), places),
        (_("Age"), _span_of_age, {}),
        (_("Taken beside it"), lambda about: str(about.get("beside") or ""), BESIDE),
    )
    return [
        {"name": name, "rows": [_row(words.get(word, word), held) for word, held in by(parts, key).items()]} for name, key, words in ways
    ]


def _span_of_age(about: Mapping[str, Any]) -> str:
    age = about.get("age")
    if age is None:
        return ""
    low = int(age) // DECADES * DECADES
    return f"{low}–{low + DECADES - 1}"


def _row(words: Any, held: Held) -> dict[str, Any]:
    return {
        "words": words,
        "evenings": held.evenings,
        "patients": held.patients,
        "most": _share(held.in_most),
        "half": _share(held.in_half),
        "own": points(held.crps),
        "carried": points(held.carried),
        "group": points(held.group),
        "verdict": OF_A_GROUP[held.verdict],
        "level": {"too_few": "unknown", "holds": "calm"}.get(held.verdict, "watch"),
    }


def _share(value: float | None) -> str:
    return f"{100 * value:.0f} %" if value is not None else "–"


def relief_board(record: Held) -> dict[str, Any]:
    """The forecast of relief on the board of honesty."""
    rows = (
        (_("Evenings, patients"), f"{record.evenings}, {record.patients}"),
        (_("Inside the band of nine in ten"), _share(record.in_most)),
        (_("Inside the band of one in two"), _share(record.in_half)),
        (_("Error of the forecast"), _("%(points)s points") % {"points": points(record.crps)}),
        (_("The last score carried forward"), _("%(points)s points") % {"points": points(record.carried)}),
        (_("The mean of the group"), _("%(points)s points") % {"points": points(record.group)}),
    )
    return {
        "name": _("Relief over weeks"),
        "verdict": VERDICTS[record.verdict],
        "level": {"too_few": "unknown", "holds": "calm"}.get(record.verdict, "watch"),
        "rows": [{"term": term, "words": told} for term, told in rows],
        "rule": _(
            "Error: continuous ranked probability score, smaller is better. Judged from %(n)s evenings of %(people)s patients on; it is "
            "switched off when either simple rule does as well, or when the band of nine in ten holds fewer than eight in ten."
        )
        % {"n": f"{FEWEST.value:g}", "people": f"{FEWEST_PATIENTS.value:g}"},
    }


def clock_board(record: Honesty) -> dict[str, Any]:
    """The discharge clock on the same board."""
    words = {
        "too_few": _("Too few visits to judge."),
        "as_promised": _("Holds what it promises."),
        "cautious": _("More cautious than it promises."),
        "drifted": _("Switched off: it promised more than it held."),
    }
    rows = (
        (_("Visits"), f"{record.visits}"),
        (_("Nine-in-ten time held"), f"{record.held} / {record.judged}"),
        (_("Size of the error, middle"), "–" if record.error_min is None else _("%(n)s min") % {"n": f"{record.error_min:.0f}"}),
    )
    return {
        "name": _("When dissociation is back at rest"),
        "verdict": words[record.verdict],
        "level": {"too_few": "unknown", "drifted": "watch"}.get(record.verdict, "calm"),
        "rows": [{"term": term, "words": told} for term, told in rows],
        "rule": _("A predicted level, not a discharge criterion."),
    }
