"""STOP-Bang: the risk of sleep apnea. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Item, Outcome, both, choices
from winddown.domain.instruments.scoring import Sum

_STOP, _BANG = ("s", "t", "o", "p"), ("b", "a", "n", "g")
_STOPBANG = tuple(Item(key, choices=choices((0, "0", "0"), (1, "1", "1"))) for key in (*_STOP, *_BANG))


def _stop_bang(values: Mapping[str, float]) -> Outcome:
    """The sum, and whether two of STOP come with a male sex, a BMI over 35 or a thick neck: high risk at a lower sum too."""
    outcome = Sum((*_STOP, *_BANG))(values)
    if outcome.value is None:
        return outcome
    heavy = values["g"] or values["b"] or values["n"]
    return Outcome(outcome.value, findings=("high_by_combination",) if sum(values[key] for key in _STOP) >= 2 and heavy else ())


STOP_BANG = Instrument(
    key="stop-bang",
    version="1",
    name=both("STOP-Bang: sleep apnea", "STOP-Bang: apnea del sueño"),
    purpose=both("risk of sleep apnea", "riesgo de apnea del sueño"),
    rater="either",
    items=_STOPBANG,
    rule=_stop_bang,
    low=0,
    high=8,
    license=common.permission("University Health Network, Toronto", "STOPB"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(180, "changes slowly"),
    bands=common.bands(
        "STOPB",
        "published",
        "{score}",
        ("low", 0, "low", "bajo", "calm"),
        ("intermediate", 3, "intermediate", "intermedio", "watch"),
        ("high", 5, "high", "alto", "watch"),
    ),
    takes_total=True,
    findings={
        "high_by_combination": both(
            "High by combination: two of STOP with sex, BMI or neck", "Alto por combinación: dos de STOP con sexo, IMC o cuello"
        )
    },
)
