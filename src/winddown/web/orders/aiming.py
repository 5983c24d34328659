"""Which rate would hold a level? Asked on the order form; the answer fills the order by a second gesture only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.dosing.protocol import Protocol
from winddown.domain.pharmacology.target import SIGNALS, Binding, Goal
from winddown.domain.quantities import format_decimal, parse_decimal
from winddown.domain.refusals import Refusal, UnknownWord
from winddown.record.models import Course
from winddown.services.foresight import Aim, aim
from winddown.web.orders.entry import Entry, Row

SIGNAL_WORDS = {"plasma": __("Plasma"), "effect_site": __("Effect site")}
FIRST = {"level": "", "minutes": "40", "signal": "plasma"}


@dataclass(frozen=True)
class Aimed:
    """What was asked, as typed, and the answer or the refusal; neither before the first question."""

    asked: dict[str, str]
    found: Aim | None = None
    refusal: Refusal | None = None

    def as_context(self) -> dict[str, Any]:
        return {
            "aim": {
                **self.asked,
                "signals": SIGNAL_WORDS.items(),
                "refusal": self.refusal,
                "answer": _answer(self.found) if self.found else None,
            }
        }


def aimed(post: QueryDict, course: Course, entry: Entry, *, now: datetime) -> Aimed:
    """The question of the form. Asked again when its answer is put into the order: the plan is worked out, never sent back and forth."""
    asked = {name: post.get(f"aim_{name}", first).strip() for name, first in FIRST.items()}
    if post.get("do") not in ("aim", "use_aim"):
        return Aimed(asked)
    try:
        return Aimed(asked, _found(asked, course, entry, now))
    except Refusal as refusal:
        return Aimed(asked, None, refusal)


def _found(asked: dict[str, str], course: Course, entry: Entry, now: datetime) -> Aim:
    if asked["signal"] not in SIGNALS:
        raise UnknownWord("signal", asked["signal"], SIGNALS)
    numbers = {name: parse_decimal(entry.values[name], where=name) for name in ("weight_kg", "bag_mg", "bag_ml", "session_number")}
    goal = Goal(
        float(parse_decimal(asked["level"], where="aim_level")),
        float(parse_decimal(asked["minutes"], where="aim_minutes")),
        asked["signal"],
    )
    return aim(
        Protocol.from_data(course.protocol.data),
        course.patient,
        goal,
        weight_kg=numbers["weight_kg"],
        form=entry.values["drug_form"],  # type: ignore[arg-type]
        session_number=int(numbers["session_number"]),
        bag_mg=numbers["bag_mg"],
        bag_ml=numbers["bag_ml"],
        now=now,
    )


def put_into(entry: Entry, found: Aim) -> None:
    """The second gesture: the plan's rates become the order's own dose, to be judged like anything typed."""
    entry.rows = [Row(format_decimal(rate), "mL/h", format_decimal(minutes)) for rate, minutes in found.rows]


def _answer(found: Aim) -> dict[str, Any]:
    plan = found.plan
    return {
        "found": plan.found,
        "rows": [{"rate": format_decimal(rate), "minutes": format_decimal(minutes)} for rate, minutes in found.rows],
        "total_mg": f"{plan.total_mg:.1f}",
        "reached": f"{plan.reached_min:.0f}" if plan.reached_min is not None else "",
        "binding": [_bound(each) for each in plan.binding],
        "highest": f"{plan.highest:.0f}" if plan.highest is not None else "",
        "whose": _("this patient, from earlier visits") if found.personal else _("the typical patient of this weight, age and sex"),
        "beside": _beside(found),
    }


def _bound(each: Binding) -> str:
    numbers = each.numbers
    if each.code == "rate_cap":
        return _("The cap of %(cap)s mg/h binds.") % {"cap": f"{numbers['mg_per_h']:.4g}"}
    if each.code == "pump_step":
        return _("The pump's step of %(step)s mg/h is too coarse for this level.") % {"step": f"{numbers['mg_per_h']:.3g}"}
    if each.code == "total_cap":
        return _("It needs %(needed)s mg; the bag or the protocol allows %(most)s mg.") % {
            "needed": f"{numbers['needed_mg']:.1f}",
            "most": f"{numbers['most_mg']:g}",
        }
    return _("%(share)s %% of predicted courses pass the limit.") % {"share": f"{numbers['share'] * 100:.0f}"}


def _beside(found: Aim) -> list[str]:
    """What goes with the plan: shown, never used to choose it."""
    lines = found.plan.beside
    told = []
    for key, words, by in (
        ("dissociation", _("Dissociation peaks near %(middle)s %% of the scale (%(low)s to %(high)s %%)."), 100.0),
        (
            "systolic_rise",
            _("Systolic pressure rises by about %(middle)s mmHg (%(low)s to %(high)s); exploratory: it chose nothing."),
            1.0,
        ),
    ):
        if key in lines:
            band = lines[key].band
            top = int(band.p50.argmax())
            values = {"middle": band.p50[top], "low": band.p05[top], "high": band.p95[top]}
            told.append(words % {name: f"{value * by:.0f}" for name, value in values.items()})
    return told
