"""Which questionnaires are asked together. When they are asked is the schedule's business (followup/schedule.py)."""

from __future__ import annotations

from dataclasses import dataclass

from winddown.domain.instruments.instrument import Words, both
from winddown.domain.refusals import UnknownWord


@dataclass(frozen=True)
class Ask:
    """One instrument of a set; `only` names the items that are asked, empty means all."""

    instrument: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormSet:
    """What one link opens. `minutes` is about how long it takes."""

    key: str
    words: Words
    asks: tuple[Ask, ...]
    minutes: int

    @property
    def instruments(self) -> tuple[str, ...]:
        return tuple(ask.instrument for ask in self.asks)


_TABLE = (
    FormSet(
        "intake",
        both("Before the first visit", "Antes de la primera visita"),
        (
            Ask("pain-nrs"),
            Ask("peg"),
            Ask("mood", only=("mood",)),
            Ask("phq-9"),
            Ask("gad-7"),
            Ask("audit-c"),
            Ask("opioid-dose"),
            Ask("bladder"),
        ),
        10,
    ),
    FormSet("evening", both("This evening", "Esta noche"), (Ask("pain-nrs", only=("average",)), Ask("mood", only=("mood",))), 1),
    FormSet("morning", both("The morning after", "La mañana siguiente"), (Ask("next-morning"),), 1),
    FormSet("contact", both("Since the last contact", "Desde el último contacto"), (Ask("c-ssrs-contact"),), 2),
    FormSet("week", both("Once a week", "Una vez por semana"), (Ask("peg"), Ask("pgic")), 2),
    FormSet("two_weeks", both("Every two weeks", "Cada dos semanas"), (Ask("phq-9"), Ask("gad-7"), Ask("peg")), 5),
    FormSet(
        "visit",
        both("Before a visit", "Antes de una visita"),
        (Ask("pain-nrs"), Ask("side-effects"), Ask("bladder"), Ask("opioid-dose")),
        4,
    ),
    FormSet("trauma", both("After a stressful experience", "Después de una experiencia estresante"), (Ask("pcl-5"),), 6),
)
SETS: dict[str, FormSet] = {each.key: each for each in _TABLE}


def set_of(key: str) -> FormSet:
    """The set by its key. Refuses UnknownWord."""
    found = SETS.get(key)
    if found is None:
        raise UnknownWord("set of forms", key, SETS)
    return found
