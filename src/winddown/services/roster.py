"""On call: who, for which place, from when to when; who has said that they are watching; and the rules the director signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from winddown.domain.refusals import Missing, NotAllowed, OutOfRange
from winddown.domain.suicide_safety.crisis import country_of
from winddown.domain.tasks.escalation import Ladder
from winddown.domain.tasks.roster import Duty, watch_until
from winddown.record.models import Location, OnCall, SafetyRules, Staff, Watching
from winddown.record.queries import tasks as asked
from winddown.services import audit, permissions
from winddown.services.announcements import News, announce

LONGEST = timedelta(days=14)
INSTANT = timedelta(microseconds=1)
CHANNELS = ("screen", "phone")
DEFAULT_COUNTRY = "US"


@transaction.atomic
def put_on_call(
    location: Location, staff: Staff, *, starts_at: datetime, ends_at: datetime, rank: int = 1, phone: str = "", by: Staff, now: datetime
) -> OnCall:
    """A person on call for a place. Refuses a span that cannot be, a person who may not act, and two of one rank at once."""
    permissions.require(by, "on_call.set")
    if not starts_at < ends_at <= starts_at + LONGEST or ends_at <= now:
        raise OutOfRange(
            because="This span cannot be: it ends before it starts, is over, or is longer than 14 days.",
            way_out="Check both times.",
            code="on_call_span",
            where="ends_at",
        )
    if not permissions.may(staff, "task.clinical"):
        raise NotAllowed(
            because=f"{staff.name} may not act on clinical tasks.",
            way_out="Choose a nurse, a prescriber or the director.",
            code="cannot_be_on_call",
            where="staff",
        )
    row = OnCall(location=location, staff=staff, rank=rank, span=(starts_at, ends_at), phone=phone.strip(), written_at=now, by=by)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as why:
        if "one_person_per_rank_on_call" not in str(why):
            raise
        raise OutOfRange(
            because="Somebody else has this rank in part of that time.",
            way_out="Choose another rank, or cancel theirs first.",
            code="on_call_taken",
            where="rank",
        ) from None
    audit.note("put on call", by=by, now=now, subject=str(row.ref))
    return _changed(row, now)


@transaction.atomic
def cancel(row: OnCall, *, by: Staff, now: datetime) -> OnCall:
    permissions.require(by, "on_call.set")
    if row.canceled_at is None:
        row.canceled_at = now
        row.save(update_fields=["canceled_at"])
        audit.note("cancel on call", by=by, now=now, subject=str(row.ref))
    return _changed(row, now)


@transaction.atomic
def begin_watching(location: Location, *, channel: str, by: Staff, now: datetime) -> Watching:
    """ "I am watching": this person will see an urgent task of this place, until their duty ends and 12 hours at most."""
    permissions.require(by, "task.clinical")
    if channel not in CHANNELS:
        raise Missing(because="Say how you are watching.", way_out="Choose this screen or a phone.", code="channel", where="channel")
    duties = [Duty(row.staff_id, row.rank, row.span.lower, row.span.upper) for row in asked.duties(location, now, now + LONGEST)]
    _end_all(location, by, now)
    row = Watching(location=location, staff=by, channel=channel, began_at=now, until=watch_until(duties, by.pk, now))
    row.save()
    audit.note("begin watching", by=by, now=now, subject=str(row.ref))
    announce(News("task", now, body={"watching": str(location.ref)}))
    return row


@transaction.atomic
def end_watching(location: Location, *, by: Staff, now: datetime) -> None:
    permissions.require(by, "task.clinical")
    if _end_all(location, by, now):
        audit.note("end watching", by=by, now=now, subject=str(location.ref))
        announce(News("task", now, body={"watching": str(location.ref)}))


def _end_all(location: Location, by: Staff, now: datetime) -> int:
    mine = [row for row in asked.watching(location, now) if row.staff_id == by.pk]
    for row in mine:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    return len(mine)


def anyone_watching(location: Location, *, now: datetime) -> bool:
    """Whether a person acknowledged a channel that still holds. False: the page says, before the question, that no one is watching."""
    return bool(asked.watching(location, now))


@transaction.atomic
def sign_rules(ladder: Ladder, *, country: str, because: str, by: Staff, now: datetime) -> SafetyRules:
    """A new version of the safety rules, signed by the director with the reason for the change."""
    permissions.require(by, "safety.sign")
    country_of(country)
    if not because.strip():
        raise Missing(
            because="A new version needs its reason.", way_out="Say what changes and why.", code="reason_missing", where="because"
        )
    newest = SafetyRules.objects.order_by("-version").first()
    row = SafetyRules(
        version=newest.version + 1 if newest else 1, ladder=ladder.as_data(), country=country, because=because.strip(), signed_at=now, by=by
    )
    row.save()
    audit.note("sign safety rules", by=by, now=now, subject=str(row.version))
    return row


def country() -> str:
    """The country whose crisis lines are shown."""
    newest: Any = SafetyRules.objects.order_by("-version").values_list("country", flat=True).first()
    return str(newest or DEFAULT_COUNTRY)


def _changed(row: OnCall, now: datetime) -> OnCall:
    announce(News("task", now, body={"on_call": str(row.location.ref)}))
    return row
