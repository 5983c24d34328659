"""The lines of a gate as rows of a page: state in color, shape and words; the sentence; and the form that resolves it right there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from winddown.domain.sessions.gate_line import GateLine
from winddown.web.people.words import CREDENTIALS
from winddown.web.screening.words import CHECKS as CHECK_WORDS

BEFORE = ("planned", "checked_in", "ready")
LEVELS: Mapping[str, str] = {"done": "calm", "missing": "unknown", "review": "watch", "stop": "act"}
SHAPES: Mapping[str, str] = {"done": "done", "missing": "unknown", "review": "watch", "stop": "act"}
STATES: Mapping[str, Any] = {"done": _("Recorded"), "missing": _("Missing"), "review": _("For review"), "stop": _("Stops")}

START_FORMS: Mapping[str, str] = {
    "identity": "identity",
    "consent": "consent",
    "order": "order",
    "weight": "weight",
    "allergies": "allergies",
    "fasting": "fasting",
    "escort": "escort",
    "baseline": "baseline",
    "iv_site": "iv_site",
    "bag": "bag",
    "pump": "pump",
    "monitor": "monitor",
    "supervisor": "supervisor",
    "credential": "credential",
    "screening": "screening",
    "check": "screening",
}
START_TITLES: Mapping[str, Any] = {
    "identity": _("Identity"),
    "consent": _("Consent"),
    "order": _("Order"),
    "weight": _("Weight"),
    "allergies": _("Allergies"),
    "fasting_solid": _("Last food"),
    "fasting_clear": _("Last drink"),
    "escort": _("Escort"),
    "baseline": _("Baseline"),
    "baseline_systolic": _("Systolic"),
    "baseline_diastolic": _("Diastolic"),
    "baseline_pulse_rate": _("Pulse"),
    "baseline_respiratory_rate": _("Breaths"),
    "baseline_spo2": _("Saturation"),
    "baseline_room_air": _("Room air"),
    "baseline_moaas": _("Awake"),
    "baseline_cadss6": _("Dissociation"),
    "iv_site": _("IV site"),
    "bag": _("Bag"),
    "pump": _("Pump"),
    "monitor": _("Monitor"),
    "supervisor": _("Supervisor"),
    "screening": _("Screening"),
    **{f"check_{key}": words for key, words in CHECK_WORDS.items()},
}
START_GROUPS: Sequence[tuple[Any, tuple[str, ...]]] = (
    (_("The patient"), ("identity", "consent", "order", "weight", "allergies", "fasting", "escort")),
    (_("Screening and checks"), ("screening", "check")),
    (_("Before the start"), ("baseline",)),
    (_("Line, bag, pump and monitor"), ("iv_site", "bag", "pump", "monitor")),
    (_("The people"), ("supervisor", "credential")),
)
RECOVERY_TITLES: Mapping[str, Any] = {
    "infusion_ended": _("Infusion"),
    "stay": _("Stay"),
    "observations": _("Observations"),
    "aldrete": _("Aldrete"),
    "padss": _("PADSS"),
    "moaas": _("Awake"),
    "cadss6": _("Dissociation"),
    "pain": _("Pain"),
    "orthostatic": _("Standing"),
    "adverse_events": _("Events"),
    "iv_out": _("IV out"),
    "escort": _("Escort"),
    "no_driving": _("No driving"),
    "suicide_follow_up": _("Follow-up questions"),
}
RECOVERY_FORMS: Mapping[str, str] = {
    "infusion_ended": "ended",
    "observations": "observations",
    "aldrete": "aldrete",
    "padss": "padss",
    "moaas": "moaas",
    "cadss6": "cadss6",
    "pain": "pain",
    "orthostatic": "orthostatic",
    "iv_out": "iv_out",
    "escort": "escort_present",
    "no_driving": "no_driving",
    "suicide_follow_up": "suicide_follow_up",
}


ELSEWHERE = frozenset({"order", "credential", "screening"})
ACT_OF: Mapping[str, str] = {"bag": "hang"}
TWO_FORMS = frozenset({"allergies", "iv_site", "bag"})


@dataclass(frozen=True)
class Row:
    """One line on the page.

    form    which form resolves it, a template's name; empty where another line of the same form carries it
    next    the first open line that somebody here can resolve: it stands open
    accept  a prescriber may accept this review: "review" or "weight", else empty
    asked   somebody asked to change what is recorded
    kept    its form was just answered: it stays in the page, unseen, so that the draft of what was typed in it can end
    """

    line: GateLine
    title: Any
    form: str = ""
    next: bool = False
    accept: str = ""
    asked: bool = False
    kept: bool = False

    @property
    def slot(self) -> str:
        """The name of its form on the page: one for a family, whichever line carries it."""
        name = family(self.key)
        return name if name in ("baseline", "fasting") else self.key

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def check(self) -> str:
        """The kind of a check that expires; empty for another line."""
        return self.key.removeprefix("check_") if self.key.startswith("check_") else ""

    @property
    def level(self) -> str:
        return LEVELS[self.line.state]

    @property
    def shape(self) -> str:
        return SHAPES[self.line.state]

    @property
    def state_words(self) -> Any:
        return STATES[self.line.state]

    @property
    def open(self) -> bool:
        return self.line.state != "done"

    @property
    def body(self) -> str:
        return f"gates/forms/{self.form}.html"

    @property
    def more(self) -> str:
        """A second form for the rarer answer. Apart, so that the Enter key never gives the common one."""
        return f"gates/forms/{self.form}_more.html" if self.form in TWO_FORMS else ""

    @property
    def beside(self) -> str:
        """What stands beside the form and listens to it."""
        return "gates/forms/pump_beside.html" if self.form == "pump" else ""

    @property
    def act(self) -> str:
        """What the form posts; empty for a line that is resolved on another page."""
        return "" if self.form in ELSEWHERE else ACT_OF.get(self.form, self.form)

    @property
    def panel(self) -> bool:
        """A line that is recorded keeps its form away until somebody asks to change it."""
        return bool(self.form or self.accept) and (self.open or self.asked or self.kept)

    @property
    def accept_act(self) -> str:
        return f"accept_{self.accept}"


@dataclass(frozen=True)
class Group:
    """Rows under one heading. `open` counts those that are not recorded."""

    title: Any
    rows: tuple[Row, ...]

    @property
    def open(self) -> int:
        return sum(row.open for row in self.rows)


def start_rows(lines: Sequence[GateLine], asked: str = "", answered: str = "") -> list[Row]:
    """The start gate. Fasting and the baseline are one form each, carried by their first open line."""
    carriers = {family: _carrier(lines, family) for family in ("fasting", "baseline")}
    rows = [
        Row(
            line,
            _title(line.key),
            form=_start_form(line, carriers),
            accept=_accept(line),
        )
        for line in lines
    ]
    return _with_next(rows, asked, answered)


def _title(key: str) -> Any:
    if key.startswith("screening_"):
        return _("New since the decision")
    kind = key.removeprefix("credential_")
    return START_TITLES.get(key) or CREDENTIALS.get(kind, kind.upper())


def recovery_rows(lines: Sequence[GateLine], asked: str = "", answered: str = "") -> list[Row]:
    """The recovery gate. What only time resolves (the stay) is never the next one to do."""
    rows = [Row(line, RECOVERY_TITLES.get(line.key, _("Stay")), form=_recovery_form(line), accept=_accept(line)) for line in lines]
    return _with_next(rows, asked, answered)


def groups_of(rows: Iterable[Row]) -> list[Group]:
    found = list(rows)
    return [Group(title, tuple(row for row in found if family(row.key) in keys)) for title, keys in START_GROUPS]


def family(key: str) -> str:
    """The family of a line: all baseline lines are one, both fasting lines are one."""
    return next((name for name in ("baseline", "fasting", "credential", "screening", "check") if key.startswith(name)), key)


def _recovery_form(line: GateLine) -> str:
    return "" if line.key == "infusion_ended" and line.state == "done" else RECOVERY_FORMS.get(line.key, "")


def _start_form(line: GateLine, carriers: Mapping[str, str]) -> str:
    name = family(line.key)
    return "" if name in carriers and carriers[name] != line.key else START_FORMS.get(name, "")


def _carrier(lines: Sequence[GateLine], name: str) -> str:
    members = [line for line in lines if family(line.key) == name]
    chosen = next((line for line in members if line.state != "done"), members[0] if members else None)
    return chosen.key if chosen else ""


def _accept(line: GateLine) -> str:
    if line.state != "review" or not line.acceptable:
        return ""
    return "weight" if line.key == "weight" else "review"


def _with_next(rows: list[Row], asked: str, answered: str) -> list[Row]:
    first = next((row.key for row in rows if row.open and (row.form or row.accept)), "")
    return [replace(row, next=row.key == first, asked=row.key == asked, kept=bool(row.form) and row.slot == answered) for row in rows]
