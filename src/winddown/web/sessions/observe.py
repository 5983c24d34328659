"""A full set by hand: the numbers on one pad, the value before beside each, the scores as buttons."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from winddown.domain.sessions import scores
from winddown.domain.sessions.story import Event
from winddown.domain.vitals.kinds import KINDS
from winddown.record.models import Reading
from winddown.web.sessions.fields import Number, Tiles
from winddown.web.sessions.forms import ActForm
from winddown.web.sessions.readings import Newest, latest_of

ALSO = ("temperature",)
SHORT = {"systolic": _("Systolic"), "diastolic": _("Diastolic"), "spo2": "SpO₂"}
DIGITS = {"respiratory_rate": 2, "temperature": 4}


class ObserveForm(ActForm):
    """Every field may stay empty: what is missing is named in the record and stays due."""

    def prepare(self) -> None:
        rules = self.sight.supervision.observations
        before = latest_of(self.sight.session) if not self.initial.get("corrects") else {}
        numbers = [key for key in rules.set_items if key in KINDS]
        for key in [*numbers, *(also for also in ALSO if also not in numbers)]:
            kind = KINDS[key]
            field = Number(
                label=SHORT.get(key, _(kind.words)),
                unit=kind.symbol,
                max_digits=DIGITS.get(key, 3),
                decimals=kind.decimals > 0,
                required=False,
            )
            field.before = _before(before.get(key), before.get(kind.sister))
            self.fields[key] = field
        for scale in [*(key for key in rules.set_items if key in scores.SCALES), *rules.scores]:
            known = scores.SCALES[scale]
            levels = tuple(reversed(known.levels)) if known.awake == "high" else known.levels
            self.fields[f"score_{scale}"] = Tiles(
                label=_(known.words),
                options=[(str(level.value), _(level.words) if level.words else "", level.color) for level in levels],
                required=False,
            )

    @property
    def numbers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in KINDS and name not in ALSO]

    @property
    def more_numbers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in ALSO]

    @property
    def set_scores(self) -> list[forms.BoundField]:
        return [self[f"score_{key}"] for key in self.sight.supervision.observations.set_items if key in scores.SCALES]

    @property
    def more_scores(self) -> list[forms.BoundField]:
        return [self[f"score_{key}"] for key in self.sight.supervision.observations.scores]

    @property
    def typed_numbers(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.cleaned_data.items() if name in KINDS and value is not None}

    @property
    def tapped_scores(self) -> dict[str, str]:
        return {name.removeprefix("score_"): value for name, value in self.cleaned_data.items() if name.startswith("score_") and value}


def as_typed(taken: Event, session_scores: list[Event]) -> Mapping[str, str]:
    """What a set by hand said, as the form's fields."""
    typed = {row.kind: f"{row.value:g}" for row in Reading.objects.filter(event__ref=taken.id) if row.value is not None}
    scored = {f"score_{event.text('scale')}": event.text("value") for event in session_scores if event.text("set") == taken.id}
    return typed | scored


def _before(*rows: Newest | None) -> str:
    """The newest value of this kind or of its sister."""
    found = [row for row in rows if row is not None]
    if not found:
        return ""
    newest = max(found, key=lambda row: row.observed_at)
    return f"{newest.value:.{KINDS[newest.kind].decimals}f}"
