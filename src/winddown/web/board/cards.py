"""The cards of a board: every chair in floor-plan order with who sits there, how far, what is due next, and the last readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from winddown.domain.dosing.accounting import pump_course
from winddown.domain.quantities import decimal_from_exact, display
from winddown.domain.sessions import duties
from winddown.domain.sessions.phase import PHASES, ChairCard, card
from winddown.domain.sessions.story import Event, latest
from winddown.record.models import Chair, Location, Session, Staff
from winddown.record.queries import board
from winddown.services import alarms, orders, permissions, vitals
from winddown.services.screening import day_list
from winddown.web.board import doors, number_lines, numbers
from winddown.web.board.memory import STORIES
from winddown.web.screening.words import open_words
from winddown.web.spoken import duty_words

LEVELS = {"high": "act", "medium": "watch", "low": "watch"}
DUTY_LEVELS = {"amber": "watch", "red": "act"}
LATE_START_S = (600, 1800)
_RANK = {"calm": 0, "watch": 1, "act": 2}


@dataclass
class Look:
    """Everything a board is made of, read once at one instant. The number of queries does not depend on the number of chairs."""

    now: datetime
    staff: Staff
    chairs: list[Chair]
    visits: list[Session]
    standing: list[alarms.Standing]
    stories: dict[int, tuple[Event, ...]] = field(default_factory=dict)
    newest: dict[int, dict[str, board.Newest]] = field(default_factory=dict)
    pressures: dict[int, list[float]] = field(default_factory=dict)
    on_wall: bool = False
    words: number_lines.Words = field(default_factory=number_lines.Words.now)

    @classmethod
    def at(cls, places: Sequence[Location], *, staff: Staff, now: datetime, location: Location | None = None) -> Look:
        """Every chair of these places, with the alarms of `location`, or of the whole practice without one."""
        ids = [place.pk for place in places]
        chairs = list(Chair.objects.filter(location_id__in=ids).select_related("location").order_by("location__name", "position", "id"))
        look = cls(now, staff, chairs, board.visits(ids, *_day(places, now)), alarms.visible(location=location))
        return look._read()

    @classmethod
    def at_chair(cls, chair: Chair, *, staff: Staff, now: datetime) -> Look:
        visits = board.visits([chair.location_id], *_day([chair.location], now), chair=chair.pk)
        return cls(now, staff, [chair], visits, alarms.visible(location=chair.location))._read()

    def _read(self) -> Look:
        seated = [session for session in self.visits if session.status in board.SEATED]
        self.stories = STORIES.of(seated)
        if self.clinical:
            ids = [session.pk for session in seated]
            self.newest, self.pressures = board.newest_readings(ids), board.pressures(ids)
        return self

    @property
    def clinical(self) -> bool:
        return permissions.may(self.staff, "chart.read")

    def seated(self, chair: Chair) -> Session | None:
        return next((one for one in self.visits if one.chair_id == chair.pk and one.status in board.SEATED), None)

    def expected(self, chair: Chair) -> Session | None:
        """The next visit planned in this chair today."""
        return next((one for one in self.visits if one.chair_id == chair.pk and one.status == "planned"), None)

    def alarms_of(self, chair: Chair) -> list[alarms.Standing]:
        """The gravest first; one that was seen comes after those that were not."""
        mine = [one for one in self.standing if one.alarm.chair_id == chair.pk]
        return sorted(mine, key=lambda one: (one.status == "acknowledged", {"high": 0, "medium": 1}.get(one.severity, 2)))


def _day(places: Sequence[Location], now: datetime) -> tuple[datetime, datetime]:
    """From the earliest to the latest midnight of today at these places."""
    starts = [now.astimezone(ZoneInfo(place.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0) for place in places] or [now]
    return min(starts), max(starts) + timedelta(days=1)


def cards(look: Look) -> list[dict[str, Any]]:
    return [card_of(chair, look) for chair in look.chairs]


def card_of(chair: Chair, look: Look) -> dict[str, Any]:
    """One chair: occupied, expected or free."""
    base: dict[str, Any] = {"key": str(chair.ref), "name": chair.name, "location": chair.location.name, "level": "calm"}
    session = look.seated(chair)
    if session is not None:
        return base | _occupied(session, chair, look)
    planned = look.expected(chair)
    return base | (_expected(planned, look) if planned else {})


def _due(at: datetime, words: str, amber_s: int, red_s: int) -> dict[str, Any]:
    """What is due and when; the page counts the minutes and turns amber and red by itself."""
    return {"at": at.isoformat(), "clock": f"{timezone.localtime(at):%H:%M}", "words": words, "amber_s": amber_s, "red_s": red_s}


def name_of(session: Session, staff: Staff) -> dict[str, str]:
    """Initials for everyone; the name for those who may see the list of patients."""
    patient = session.patient
    initials = f"{patient.given_name[:1]}{patient.family_name[:1]}".upper()
    return {"initials": initials, "patient": patient.name if permissions.may(staff, "patient.list") else ""}


def _expected(session: Session, look: Look) -> dict[str, Any]:
    at = session.planned.lower
    return {
        **name_of(session, look.staff),
        "expected": True,
        "duty": _due(at, _("Expected at %s") % f"{timezone.localtime(at):%H:%M}", *LATE_START_S),
        "button": doors.next_thing(session, look.staff),
    }


def _occupied(session: Session, chair: Chair, look: Look) -> dict[str, Any]:
    story = look.stories[session.pk]
    supervision = orders.supervision_of(session.order.course.protocol)
    rules, planned_min = supervision.observations, float(session.order.figures["total_minutes"])
    due = duties.due(rules, story, at=look.now)
    stay = supervision.recovery.minimum_stay_min.value
    seen = card(story, due, at=look.now, planned_infusion_min=planned_min, minimum_stay_min=stay)
    level, words = _level(seen, look.alarms_of(chair), story, tell_late=not look.on_wall)
    shown: dict[str, Any] = {
        **name_of(session, look.staff),
        "session": str(session.ref),
        "version": session.version,
        "url": doors.chart_url(session, look.staff),
        "phase": session.status,
        "phase_words": phase_words(seen, planned_min, stay),
        "percent": round((seen.fraction or 0) * 100),
        "level": level,
        "said": words,
        "duty": _duty(due, session, rules),
        "button": doors.next_thing(session, look.staff, due[0].key if due else "", due[0].state if due else ""),
    }
    if look.clinical:
        bounds = numbers.bounds_of(session.order.course.protocol.ref, supervision.alarms, vitals.baseline_of(story))
        lines = numbers.lines(look.newest.get(session.pk, {}), bounds, supervision, session.status)
        shown["readings"] = number_lines.drawn(lines, look.words, on_wall=look.on_wall)
        shown["spark"] = numbers.spark(look.pressures.get(session.pk, []), bounds)
        shown["dose"] = dose_words(session, story, look.now)
        shown["alarms"] = len(look.alarms_of(chair))
    return shown


def _level(seen: ChairCard, standing: Sequence[alarms.Standing], story: Sequence[Event], *, tell_late: bool) -> tuple[str, list[str]]:
    """What there is to say about this chair, the gravest level of it: an alarm, a late duty, why it is held or stopped.

    tell_late  the wall says "11 min late" in its largest type and nothing more
    """
    found: list[tuple[str, str]] = []
    if standing:
        more = f" (+{len(standing) - 1})" if len(standing) > 1 else ""
        found.append((LEVELS.get(standing[0].severity, "watch"), f"{standing[0].words}{more}"))
    if seen.next_state in DUTY_LEVELS:
        found.append((DUTY_LEVELS[seen.next_state], _("Late: %s") % duty_words(seen.next_words) if tell_late else ""))
    if seen.status in ("held", "stopped"):
        because = latest(story, seen.status)
        found.append(("watch", because.text("because") if because else ""))
    level = max((each[0] for each in found), key=lambda each: _RANK[each], default="calm")
    return level, [words for _each, words in found if words]


def phase_words(seen: ChairCard, planned_min: float, stay_min: float) -> str:
    """The phase with how far it is, in minutes."""
    if seen.status in ("running", "held"):
        return _("%(phase)s, %(done)s of %(all)s min") % {
            "phase": _(seen.phase),
            "done": f"{seen.infused_min:.0f}",
            "all": f"{planned_min:g}",
        }
    if seen.status == "recovering" and seen.minutes_in_phase is not None:
        told = {"phase": _(seen.phase), "done": f"{seen.minutes_in_phase:.0f}", "all": f"{stay_min:g}"}
        return _("%(phase)s, %(done)s of at least %(all)s min") % told
    if seen.minutes_in_phase is not None:
        return _("%(phase)s for %(done)s min") % {"phase": _(seen.phase), "done": f"{seen.minutes_in_phase:.0f}"}
    return _(seen.phase)


def _duty(due: Sequence[duties.Duty], session: Session, rules: Any) -> dict[str, Any] | None:
    """The next duty; before the start, the planned start."""
    if due:
        return _due(due[0].due_at, duty_words(due[0].words), round(rules.amber_after_min.value * 60), round(rules.red_after_min.value * 60))
    if session.status in ("checked_in", "ready"):
        return _due(session.planned.lower, _("Planned start"), *LATE_START_S)
    return None


def dose_words(session: Session, story: Sequence[Event], now: datetime) -> str:
    """The programmed dose so far beside the ordered one; a floor where part of the course is unknown."""
    told = pump_course(story).programmed(now)
    if told.mg == 0 and told.certain:
        return ""
    so_far, ordered = display(decimal_from_exact(told.mg, 3), 1), session.order.figures["total_mg"]
    if not told.certain:
        return _("at least %(mg)s mg of %(all)s mg, uncertain") % {"mg": so_far, "all": ordered}
    return _("%(mg)s mg of %(all)s mg") % {"mg": so_far, "all": ordered}


def today(look: Look, location: Location) -> list[dict[str, Any]]:
    """Everyone of the day at this place in three groups: expected, in a chair, gone home."""
    groups: list[tuple[str, str, Sequence[str]]] = [
        ("expected", _("Expected"), ("planned",)),
        ("seated", _("In a chair"), board.SEATED),
        ("gone", _("Gone home"), ("discharged", "abandoned")),
    ]
    mine = [session for session in look.visits if session.location_id == location.pk]
    waits = day_list.open_before([session for session in mine if session.status in ("planned", "checked_in")])
    return [
        {
            "key": key,
            "words": words,
            "lines": [
                _line(session, look) | {"open": open_words(waits.get(session.pk, []))} for session in mine if session.status in statuses
            ],
        }
        for key, words, statuses in groups
    ]


def _line(session: Session, look: Look) -> dict[str, Any]:
    return {
        **name_of(session, look.staff),
        "ref": session.ref,
        "at": session.planned.lower,
        "chair": session.chair.name,
        "course": session.order.course.ref if permissions.may(look.staff, "patient.list") else "",
        "status": _(PHASES[session.status]).lower(),  # type: ignore[index]
        "late": session.status == "planned" and session.planned.lower < look.now,
        "doors": doors.all_of(session, look.staff),
    }
