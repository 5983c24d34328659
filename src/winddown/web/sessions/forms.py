"""The forms of the acts at the chair. Each asks as little as it needs, says what is wrong at its field, and loses nothing typed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from winddown.domain.sessions import adverse_events, scores
from winddown.domain.sessions.story import Event, latest, of_kind
from winddown.record.models import Staff
from winddown.services import permissions, rescue
from winddown.web.people.shell import HouseForm
from winddown.web.sessions.fields import Number, Photo, Tiles, Words
from winddown.web.sessions.marks import words_of
from winddown.web.sessions.sight import Sight

LIMBS = [
    ("left arm", _("Left arm")),
    ("right arm", _("Right arm")),
    ("left hand", _("Left hand")),
    ("right hand", _("Right hand")),
    ("left leg", _("Left leg")),
    ("right leg", _("Right leg")),
]
SITE_FINDINGS = [
    ("clear", _("Clear"), "calm"),
    ("red", _("Red"), "watch"),
    ("swollen", _("Swollen"), "act"),
    ("leaking", _("Leaking"), "act"),
]
COMFORTS = [
    ("blanket", _("Warm blanket")),
    ("lights down", _("Lights down")),
    ("lights up", _("Lights up")),
    ("music on", _("Music on")),
    ("music off", _("Music off")),
    ("eye mask", _("Eye mask")),
    ("talked with", _("Talked with")),
    ("hand held", _("Hand held")),
    ("position changed", _("Position changed")),
]
OXYGEN_DEVICES = [
    ("nasal cannula", _("Nasal cannula")),
    ("simple mask", _("Simple mask")),
    ("non-rebreather mask", _("Non-rebreather mask")),
    ("bag and mask", _("Bag and mask")),
    ("off, room air", _("Off, room air"), "calm"),
]
OUTCOMES = [
    ("resolved by itself", _("Resolved by itself"), "calm"),
    ("resolved with treatment", _("Resolved with treatment"), "calm"),
    ("going on at discharge", _("Still there at discharge"), "watch"),
    ("transferred", _("Transferred"), "act"),
]
OFTEN = frozenset({"dissociation", "anxiety", "headache", "dizziness", "blurred_vision", "hypertension", "nausea", "vomiting"})
SYSTEMS = {
    "mind": _("Mind"),
    "nerves": _("Nerves"),
    "heart": _("Heart"),
    "breathing": _("Breathing"),
    "stomach": _("Stomach"),
    "bladder": _("Bladder"),
    "site": _("IV site"),
    "skin": _("Skin"),
    "other": _("Other"),
}


class ActForm(HouseForm):
    """One act at one chair.

    one_tap   the field whose tiles send the form at once
    """

    one_tap: ClassVar[str] = ""
    use_required_attribute = False

    def __init__(self, *args: Any, sight: Sight, staff: Staff, **more: Any) -> None:
        self.sight, self.staff = sight, staff
        super().__init__(*args, **more)
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to this session."""

    @property
    def chosen(self) -> dict[str, Any]:
        """What was said, with a free reason in the place of a tile."""
        said = dict(self.cleaned_data)
        for name, field in self.fields.items():
            if isinstance(field, Tiles) and field.other:
                said[name] = str(said.pop(field.other, "") or "").strip() or said.get(name, "")
        return said


class NothingMore(ActForm):
    """An act that needs no more than its moment."""


class SiteForm(ActForm):
    """One tap: what it looks like. The limb is the one of the last look."""

    one_tap = "finding"
    limb = Tiles(label=_("Where"), options=LIMBS)
    finding = Tiles(label=_("The site is"), options=SITE_FINDINGS)

    def __init__(self, *args: Any, sight: Sight, staff: Staff, **more: Any) -> None:
        last = latest(sight.story, "iv_site_checked")
        more["initial"] = ({"limb": last.text("limb")} if last else {}) | (more.get("initial") or {})
        super().__init__(*args, sight=sight, staff=staff, **more)
        known = [value for value, _words in LIMBS]
        if last and last.text("limb") and last.text("limb") not in known:
            self.fields["limb"].offer([(last.text("limb"), last.text("limb").capitalize()), *LIMBS])  # type: ignore[attr-defined]


class AdverseForm(ActForm):
    """What was seen and how grave. The dose and the predicted levels of the moment are laid beside it by the record."""

    term = Tiles(label=_("What was seen"), options=[], wide=True)
    grade = Tiles(label=_("Grade"), options=[(str(grade), words) for grade, words in adverse_events.GRADES.items()], wide=True)
    words = Words(label=_("In words"), required=False)

    def prepare(self) -> None:
        self.fields["term"].offer(  # type: ignore[attr-defined]
            [(term.key, term.words, "act" if term.emergency else "") for term in adverse_events.TERMS.values()]
        )
        grades = self.fields["grade"]
        grades.tiles = [  # type: ignore[attr-defined]
            type(tile)(tile.value, f"{tile.value} {tile.words}", {"1": "calm", "2": "watch"}.get(tile.value, "act"))
            for tile in grades.tiles  # type: ignore[attr-defined]
        ]

    @property
    def often(self) -> list[Any]:
        """The terms of most days."""
        return [tile for tile in self.fields["term"].tiles if tile.value in OFTEN]  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The other terms by body system, in the order of the list."""
        tiles = {tile.value: tile for tile in self.fields["term"].tiles}  # type: ignore[attr-defined]
        found: dict[str, list[Any]] = {}
        for term in adverse_events.TERMS.values():
            if term.key not in OFTEN:
                found.setdefault(term.system, []).append(tiles[term.key])
        return [(SYSTEMS.get(system, system), listed) for system, listed in found.items()]


class CloseAdverseForm(ActForm):
    event = Tiles(label=_("Which event"), options=[], wide=True)
    outcome = Tiles(label=_("How did it end"), options=OUTCOMES, wide=True)

    def prepare(self) -> None:
        open_now = open_adverse(self.sight)
        self.fields["event"].offer([(event.id, words_of(event)) for event in open_now])  # type: ignore[attr-defined]
        if len(open_now) == 1:
            self.initial.setdefault("event", open_now[0].id)


def open_adverse(sight: Sight) -> list[Event]:
    """The adverse events of this session that nobody closed."""
    closed = {event.text("event") for event in of_kind(sight.story, "adverse_event_closed")}
    return [event for event in of_kind(sight.story, "adverse_event") if event.id not in closed]


class RescueForm(ActForm):
    """A signed line, or nothing: there is no field for another drug."""

    line = Tiles(label=_("Signed order"), options=[], wide=True)

    def prepare(self) -> None:
        lines = rescue.lines_of(self.sight.session.order)
        self.fields["line"].offer([(line.key, line.sentence) for line in lines])  # type: ignore[attr-defined]
        for line in lines:
            self.fields[f"reason_{line.key}"] = Words(label=_("Reason"), rows=1, required=False)

    @property
    def reason(self) -> str:
        """Why it is given although the line asks; empty where it does not."""
        return str(self.cleaned_data.get(f"reason_{self.cleaned_data['line']}", ""))


class OxygenForm(ActForm):
    device = Tiles(label=_("By"), options=OXYGEN_DEVICES)
    flow_l_per_min = Number(label=_("Flow"), unit="L/min", max_digits=3, decimals=True, required=False)


class NoteForm(ActForm):
    words = Words(label=_("Note"), rows=3)


class PhotoForm(ActForm):
    file = Photo(label=_("Photo"))
    words = Words(label=_("What it shows"), rows=1, required=False)


class ComfortForm(ActForm):
    one_tap = "what"
    what = Tiles(label=_("What was done"), options=COMFORTS)


class FallForm(ActForm):
    words = Words(label=_("What happened, and is the patient hurt?"), required=False)


class DistressForm(ActForm):
    one_tap = "value"
    value = Tiles(label=_("Distress"), options=[(level.value, _(level.words), level.color) for level in scores.SCALES["distress"].levels])


PERCEPTIONS = [
    ("strange", _("Strange, not frightening"), "calm"),
    ("hallucination", _("Hallucination"), "watch"),
    ("paranoia", _("Paranoia"), "watch"),
    ("emergence reaction", _("Emergence reaction"), "act"),
    ("as usual", _("As usual again"), "calm"),
]


class PerceptionForm(ActForm):
    one_tap = "seen"
    seen = Tiles(label=_("What the patient perceives"), options=PERCEPTIONS)


class PersonForm(ActForm):
    """Choose a person of a role."""

    role: ClassVar[str] = permissions.PRESCRIBER
    to = Tiles(label=_("Who"), options=[], wide=True)

    def prepare(self) -> None:
        people = Staff.objects.filter(active=True, roles__contains=[self.role]).order_by("name")
        self.fields["to"].offer([(str(person.ref), person.name) for person in people if self.fits(person)])  # type: ignore[attr-defined]

    def fits(self, person: Staff) -> bool:
        return True


class SupervisorForm(PersonForm):
    """Who supervises on site from now on."""


class NurseHandoverForm(PersonForm):
    role = permissions.NURSE

    def fits(self, person: Staff) -> bool:
        return person.pk != self.staff.pk


class PrescriberHandoverForm(PersonForm):
    role = permissions.PRESCRIBER
