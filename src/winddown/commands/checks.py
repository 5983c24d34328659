"""What `winddown verify` looks at. Each check reads the record as the application role does, and says one sentence for each break."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection

from winddown.domain.controlled.movements import Line, level_ml
from winddown.domain.pharmacology.kept import compared
from winddown.domain.refusals import Refusal
from winddown.domain.sessions import lifecycle
from winddown.domain.sessions.story import effective
from winddown.domain.wire.hl7v2.message import read
from winddown.domain.wire.hl7v2.tokens import Unreadable
from winddown.record import models as tables
from winddown.record.base import Scoped
from winddown.record.models import (
    Announcement,
    AnnouncementCounter,
    Device,
    DeviceMessage,
    LedgerEntry,
    Location,
    Practice,
    Reading,
    Session,
)
from winddown.record.protection import APPLICATION_ROLE, DEVICE_ROLE, scoped_models
from winddown.record.queries.stories import stories_of
from winddown.record.scope import at_practice
from winddown.services import bags, clock, ledger, picture

CHUNK = 2000
OVER = ("discharged",)


@dataclass(frozen=True)
class Check:
    """One thing looked at: how much of it there was, and one sentence for each part that does not hold."""

    name: str
    looked_at: str
    broken: Sequence[str]


def everything() -> list[Check]:
    """The walls once, and the rest of each practice."""
    return [walls(), roles(), grants(), *_in_each(chains, levels, doses, balances, news, projections, acknowledged, forecasts)]


def forecasts() -> Check:
    """Every forecast that was kept whole, made again from its inputs and compared with the numbers that were shown.

    One kept under another version of the arithmetic is counted apart: its curves stand beside its inputs, and that release makes them.
    """
    broken: list[str] = []
    compared_rows = older = 0
    for pk, content in tables.Snapshot.objects.order_by("id").values_list("id", "content").iterator(chunk_size=50):
        if "inputs" not in content:
            continue
        try:
            found = compared(content)
        except Refusal:
            older += 1
            continue
        compared_rows += 1
        broken += [f"Kept forecast {pk}: {found.differs[0]}."] if found.differs else []
    told = f"{compared_rows} kept forecasts made again" + (f", {older} of other versions" if older else "")
    return Check("forecasts", told, broken)


def ledger_only() -> list[Check]:
    return _in_each(chains, levels, doses, balances)


def counts() -> dict[str, int]:
    """How many rows the record holds, over all practices."""
    models: dict[str, type[Scoped]] = {
        "patients": tables.Patient,
        "sessions": Session,
        "events": tables.SessionEvent,
        "messages": DeviceMessage,
        "readings": Reading,
        "announcements": Announcement,
        "ledger lines": LedgerEntry,
    }
    found = dict.fromkeys(models, 0)
    for practice in Practice.objects.all():
        with at_practice(practice.pk):
            for name, model in models.items():
                found[name] += model.objects.count()
    return found


def _in_each(*looks: Callable[[], Check]) -> list[Check]:
    """The same checks in every practice; the name says which, where there are several."""
    practices = list(Practice.objects.order_by("slug"))
    found = []
    for practice in practices:
        with at_practice(practice.pk):
            done = [look() for look in looks]
        prefix = f"{practice.slug}: " if len(practices) > 1 else ""
        found += [Check(prefix + each.name, each.looked_at, each.broken) for each in done]
    return found


def walls() -> Check:
    """Row-level security on and forced on every table of a practice, and nothing visible outside one."""
    broken = []
    names = [model._meta.db_table for model in scoped_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            """select t.name, coalesce(c.relrowsecurity, false), coalesce(c.relforcerowsecurity, false),
                 exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'inside_practice' and p.polcmd = '*'
                         and pg_get_expr(p.polqual, c.oid) like '%%winddown.practice%%'
                         and pg_get_expr(p.polwithcheck, c.oid) like '%%winddown.practice%%'),
                 (select count(*) from pg_policy p where p.polrelid = c.oid)
               from unnest(%s::text[]) as t(name) left join pg_class c on c.oid = to_regclass(t.name)""",
            [names],
        )
        for table, on, forced, policy, policies in cursor.fetchall():
            if not (on and forced and policy and policies == 1):
                broken.append(f"{table}: the wall between practices is open (row security {on}, forced {forced}, {policies} policies)")
        for table in names:
            cursor.execute(f"select exists (select 1 from {table})")
            if cursor.fetchone() == (True,):
                broken.append(f"{table}: rows are visible outside any practice")
    return Check("walls", f"{len(names)} tables", broken)


def roles() -> Check:
    """The roles that serve are held by the walls."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select rolname, rolsuper, rolbypassrls, rolcreaterole or rolcreatedb, pg_has_role(rolname, datdba, 'member')
               from pg_roles, pg_database where datname = current_database() and rolname = any(%s)""",
            [[APPLICATION_ROLE, DEVICE_ROLE]],
        )
        rows = cursor.fetchall()
    words = ("is a superuser", "passes row-level security by", "may make roles or databases", "is a member of the owner")
    broken = [f"{name} {word}" for name, *powers in rows for power, word in zip(powers, words, strict=True) if power]
    broken += [f"{name} does not exist" for name in (APPLICATION_ROLE, DEVICE_ROLE) if name not in {row[0] for row in rows}]
    return Check("roles", f"{len(rows)} roles", broken)


def grants() -> Check:
    """Append-only by the database's own word: nobody who serves may delete, and only the columns that may change can be updated."""
    broken = []
    with connection.cursor() as cursor:
        for model in scoped_models():
            table = model._meta.db_table
            may = {field.column for field in model._meta.concrete_fields if field.name in model.changes}
            for role in (APPLICATION_ROLE, DEVICE_ROLE):
                cursor.execute(
                    """select has_table_privilege(%s, %s, 'delete') or has_table_privilege(%s, %s, 'truncate'),
                         array(select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped
                               and has_column_privilege(%s, %s, attname::text, 'update'))""",
                    [role, table, role, table, table, role, table],
                )
                removes, updates = cursor.fetchone()
                broken += [f"{role} may delete from {table}"] if removes else []
                broken += [f"{role} may change {table}.{column}" for column in sorted(set(updates) - may)]
    return Check("append-only", f"{len(scoped_models())} tables, 2 roles", broken)


def chains() -> Check:
    """Each location's ledger: numbers, links and digests."""
    broken, count = [], 0
    locations = list(Location.objects.order_by("name"))
    for location in locations:
        count += LedgerEntry.objects.filter(location=location).count()
        broken += [f"{location.name}, {problem}" for problem in ledger.verify(location)]
    return Check("ledger chains", f"{count} lines at {_many(len(locations), 'location')}", broken)


def levels() -> Check:
    """What each vial holds is what its lines say, and every milligram of the ledger lies somewhere."""
    broken, count = [], 0
    lines: dict[int, list[Line]] = {}
    told = LedgerEntry.objects.filter(vial__isnull=False).select_related("superseded_by").order_by("id")
    for row in told.iterator(chunk_size=CHUNK):
        struck = hasattr(row, "superseded_by")
        lines.setdefault(row.vial_id, []).append(Line(row.number, row.kind, row.drug, row.mg, row.ml, str(row.vial_id), superseded=struck))
    for vial in tables.Vial.objects.order_by("number").iterator(chunk_size=CHUNK):
        count += 1
        level = level_ml(lines.get(vial.pk, ()), str(vial.pk))
        if level != vial.left_ml:
            broken.append(f"{vial.label}: its lines leave {level} mL, its row says {vial.left_ml} mL")
    return Check("vial levels", _many(count, "vial"), broken)


def doses() -> Check:
    """The dose in the ledger is the integral of the rates, as the story stands today."""
    broken, now = [], clock.now()
    lines = LedgerEntry.objects.filter(kind="given", superseded_by__isnull=True, bag__isnull=False, session__isnull=False)
    count = 0
    for line in lines.select_related("session__order", "bag").order_by("number").iterator(chunk_size=CHUNK):
        count += 1
        dose = picture.dose_of(line.session, now=now)
        if dose.bag is not None and dose.bag.pk == line.bag_id and dose.programmed_mg.quantize(line.mg) != line.mg:
            broken.append(f"session {line.session.ref}: the ledger says {line.mg} mg given, the story {dose.programmed_mg} mg")
    return Check("ledger doses", _many(count, "given line"), broken)


def balances() -> Check:
    """Drawn is given plus wasted plus returned, within what was measured, for every visit that is over."""
    broken, count, now = [], 0, clock.now()
    for session in _sessions(status__in=OVER):
        held = bags.balance_of(session, now=now)
        if held is None:
            continue
        count += 1
        if not held.agrees:
            broken.append(f"session {session.ref}: {held.difference_mg} mg of {held.drawn_mg} mg drawn are not accounted for")
    return Check("ledger balances", _many(count, "visit"), broken)


def news() -> Check:
    """Announcements are numbered from 1 without a gap: a screen that waits for the next number never waits in vain."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select number + 1, following - 1 from (
                 select number, lead(number) over (order by number) as following from record_announcement) as pairs
               where following > number + 1 order by number limit 50"""
        )
        broken = [f"numbers {first} to {last} are missing" for first, last in cursor.fetchall()]
    first, last = _ends()
    told = AnnouncementCounter.objects.values_list("number", flat=True).first() or 0
    broken += [f"the first number is {first}"] if first > 1 else []
    broken += [f"the counter stands at {told}, the last number is {last}"] if told != last else []
    return Check("news without a gap", _many(last, "announcement"), broken)


def _ends() -> tuple[int, int]:
    numbers = Announcement.objects.order_by("number").values_list("number", flat=True)
    return (numbers.first() or 0, numbers.last() or 0)


def projections() -> Check:
    """Where each session stands is what its story says."""
    broken, count = [], 0
    for session in _sessions():
        count += 1
        events = stories_of([session])[session.pk]
        if session.version != len(events):
            broken.append(f"session {session.ref}: its story has {len(events)} events, its version says {session.version}")
        status = lifecycle.status_of(effective(events))
        if session.status != status:
            broken.append(f"session {session.ref}: its story says {status}, its row {session.status}")
    return Check("sessions", _many(count, "session"), broken)


def acknowledged() -> Check:
    """Every value that an acknowledged message of a known device carried is among the readings, under this message or its twin."""
    broken: list[str] = []
    count = DeviceMessage.objects.filter(answer="AA").count()
    for message in _without_readings():
        broken += _missing_from(message)
    return Check("acknowledged messages", _many(count, "message"), broken)


def _without_readings() -> Iterator[DeviceMessage]:
    """Acknowledged messages of known devices that left no reading of their own: repeats, pump reports, and what must not be."""
    kept = DeviceMessage.objects.filter(answer="AA", reason="", readings__isnull=True).order_by("id")
    yield from kept.iterator(chunk_size=CHUNK)


def _missing_from(message: DeviceMessage) -> Iterable[str]:
    try:
        told = read(bytes(message.raw), zone=ZoneInfo("UTC"))
    except Unreadable as why:
        return [f"message {message.pk} was acknowledged and cannot be read: {why}"]
    if not told.observations:
        return []
    device = Device.objects.filter(key__in=told.device_keys).select_related("location").first()
    if device is None:
        return [f"message {message.pk} was acknowledged for device {', '.join(told.device_keys)}, which is not on the list"]
    told = read(bytes(message.raw), zone=ZoneInfo(device.location.time_zone))
    stored = Reading.objects.filter(device=device)
    return [
        f"message {message.pk}: {each.kind} {each.raw_value} of {device.key} at {each.observed_at} is not among the readings"
        for each in told.observations
        if each.observed_at
        and not stored.filter(kind=each.kind, observed_at=each.observed_at, raw_value=each.raw_value[:60].replace("\x00", "")).exists()
    ]


def _sessions(**wanted: object) -> Iterator[Session]:
    rows = Session.objects.filter(**wanted).select_related("order__course__protocol", "location", "chair", "patient").order_by("id")
    yield from rows.iterator(chunk_size=CHUNK)


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
