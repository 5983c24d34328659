"""What a form of the gates holds, read into what the services take. A field that cannot be read is refused by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from winddown.domain.quantities import format_decimal, parse_decimal
from winddown.domain.refusals import Missing, OutOfRange, Refusal, UnknownWord
from winddown.domain.sessions import scores
from winddown.domain.vitals.kinds import kind_of
from winddown.record.models import Staff

Fields = Mapping[str, str]


def words(fields: Fields, name: str, label: str, *, most: int = 200) -> str:
    """A line of words that must not be empty."""
    text = fields.get(name, "").strip()
    if not text:
        raise Missing(because=_("%(what)s is empty.") % {"what": label}, way_out=_("Write it down."), code="field_empty", where=name)
    if len(text) > most:
        raise OutOfRange(
            because=_("%(what)s has %(n)s characters, at most %(most)s are kept.") % {"what": label, "n": len(text), "most": most},
            way_out=_("Say it shorter."),
            code="field_long",
            where=name,
        )
    return text


def number(fields: Fields, name: str, label: str) -> Decimal:
    """A number as a nurse types it; a fault is named with the field."""
    text = fields.get(name, "").strip()
    if not text:
        raise Missing(because=_("%(what)s is empty.") % {"what": label}, way_out=_("Type the number."), code="field_empty", where=name)
    try:
        return parse_decimal(text, where=name)
    except Refusal as fault:
        raise Refusal(because=f"{label}: {fault.because}", way_out=fault.way_out, code=fault.code, where=name) from None


def vital(fields: Fields, kind: str) -> str:
    """A vital sign typed by hand, as a decimal string. What cannot be true of a person is asked again before it is kept."""
    known = kind_of(kind)
    value = number(fields, kind, known.words)
    if not known.is_plausible(float(value)):
        low, high = known.plausible_low.value, known.plausible_high.value
        raise OutOfRange(
            because=f"{known.words} {format_decimal(value)} {known.symbol} cannot be: {low:g} to {high:g} {known.symbol}.",
            way_out=_("Read it again and type it again."),
            code="number_impossible",
            where=kind,
        )
    return format_decimal(value)


def score(fields: Fields, scale: str) -> str:
    """A score on its scale, as a decimal string."""
    known = scores.scale_of(scale)
    return str(known.level(number(fields, scale, known.words)).value)


def choice(fields: Fields, name: str, label: str, known: Iterable[str]) -> str:
    """One of the words that the form offers."""
    names = list(known)
    text = fields.get(name, "").strip()
    if not text:
        raise Missing(because=_("%(what)s is not chosen.") % {"what": label}, way_out=_("Choose one."), code="field_empty", where=name)
    if text not in names:
        raise UnknownWord(label.lower(), text, names)
    return text


def last_time(fields: Fields, name: str, label: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The most recent moment at which the wall clock showed the typed HH:MM: 22:30 said at 09:00 was yesterday evening."""
    text = fields.get(name, "").strip()
    if not text:
        raise Missing(because=_("%(what)s is empty.") % {"what": label}, way_out=_("Type it as 22:30."), code="field_empty", where=name)
    try:
        clock = time.fromisoformat(text.zfill(5))
    except ValueError:
        raise Refusal(
            because=_("%(what)s: %(text)s is no time of day.") % {"what": label, "text": text},
            way_out=_("Type it as 22:30."),
            code="not_a_time",
            where=name,
        ) from None
    local = now.astimezone(zone)
    found = datetime.combine(local.date(), clock, tzinfo=zone)
    return found if found <= local else datetime.combine(local.date() - timedelta(days=1), clock, tzinfo=zone)


def person(fields: Fields, name: str, people: Iterable[Staff], label: str) -> Staff:
    """Somebody on the list of the form."""
    text = fields.get(name, "").strip()
    found = next((one for one in people if str(one.ref) == text), None)
    if found is None:
        raise Missing(because=_("%(what)s is not chosen.") % {"what": label}, way_out=_("Choose a name."), code="field_empty", where=name)
    return found


def reference(fields: Fields, name: str, label: str) -> UUID:
    """The reference on a label, typed or scanned."""
    text = fields.get(name, "").strip()
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(
            because=_("%(what)s: %(text)s is not the code of a label.") % {"what": label, "text": text or "–"},
            way_out=_("Scan the square code on the bag, or choose the bag."),
            code="not_a_label",
            where=name,
        ) from None
