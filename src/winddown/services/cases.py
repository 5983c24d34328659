"""Discrepancy cases: opened by the arithmetic, a count, a transfer or a person; everything said about them kept; closed by the officer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max

from winddown.domain.controlled import notice
from winddown.domain.dosing.balance import Balance
from winddown.domain.refusals import Missing, NotAllowed, UnknownWord
from winddown.record.models import Case, CaseAct, LedgerEntry, Location, Product, Session, Staff, StockCount, Task, Transfer, Vial
from winddown.record.scope import current_practice_id
from winddown.services import audit, ledger, permissions, tasks
from winddown.services.announcements import News, announce

OUTCOMES = ("miscounted", "charted_wrong", "measured_wrong", "spilled", "found", "lost", "stolen", "unexplained")
TELLS_OF_LOSS = ("lost", "stolen", "unexplained")
ACTS = ("opened", "noted", "heard", "recounted", "loss_found", "significance", "notice_sent", "form_sent", "closed")
NEEDS_WORDS = ("noted", "heard", "significance", "notice_sent", "form_sent")
WINDOW_WITHOUT_A_COUNT = timedelta(days=30)
SAME_SHIFT = timedelta(hours=8)
_LOCK = 7_410_021


@transaction.atomic
def open_case(
    kind: str,
    *,
    location: Location,
    drug: str,
    difference_mg: Decimal,
    allowed_mg: Decimal,
    since: datetime,
    words: str,
    by: Staff,
    now: datetime,
    session: Session | None = None,
    count: StockCount | None = None,
    transfer: Transfer | None = None,
    vial: Vial | None = None,
    product: Product | None = None,
    key: UUID | None = None,
) -> Case:
    """A new case, or the open one about the same thing with a further note. A fact: no permission is needed to have it noticed."""
    ledger.hold(location)
    _hold_the_numbers()
    about = {"session": session, "count": count, "transfer": transfer, "vial": vial, "product": product}
    known: Case | None = Case.objects.filter(kind=kind, status="open", location=location, drug=drug, **about).first()
    if known is not None and any(about.values()):
        _note_again(known, words, difference_mg, by=by, now=now)
        return known
    case = Case(
        ref=key or uuid4(),
        number=(Case.objects.aggregate(most=Max("number"))["most"] or 0) + 1,
        location=location,
        kind=kind,
        drug=drug,
        difference_mg=difference_mg,
        allowed_mg=allowed_mg,
        since=since,
        until=now,
        words=words[:400],
        opened_at=now,
        by=by,
        **about,
    )
    case.save()
    CaseAct(case=case, kind="opened", at=now, by=by, words=words).save()
    _ask_the_officer(case, "drug_discrepancy", f"Case {case.number}: {words}", due_at=now + SAME_SHIFT, by=by, now=now)
    audit.note("open case", by=by, now=now, subject=f"case {case.number}")
    announce(News("ledger", now, body={"ledger": "case_opened"}))
    return case


def open_for_balance(session: Session, held: Balance, *, by: Staff, now: datetime) -> Case:
    """The drug of one visit does not add up. The window of access begins with its first draw."""
    lines = [line for line in ledger.of_session(session) if line.kind == "drawn"]
    return open_case(
        "balance",
        location=session.location,
        drug=lines[0].drug if lines else "ketamine",
        difference_mg=held.difference_mg,
        allowed_mg=held.uncertainty_mg,
        since=min((line.happened_at for line in lines), default=session.planned.lower),
        words=held.sentence,
        session=session,
        by=by,
        now=now,
    )


@transaction.atomic
def tell(*, location: Location, drug: str, words: str, since: datetime, by: Staff, now: datetime, key: UUID | None = None) -> Case:
    """Somebody saw something: a broken seal, a vial that felt light, a colleague who worries them. It opens a case as it is."""
    permissions.require(by, "ledger.see")
    if not words.strip():
        raise Missing(because="What was seen is not said.", way_out="Say it in a sentence.", code="field_empty", where="words")
    return open_case(
        "told",
        location=location,
        drug=drug,
        difference_mg=Decimal(0),
        allowed_mg=Decimal(0),
        since=since,
        words=words.strip(),
        by=by,
        now=now,
        key=key,
    )


@transaction.atomic
def add(
    case: Case, kind: str, *, words: str, by: Staff, now: datetime, data: Mapping[str, Any] | None = None, key: UUID | None = None
) -> CaseAct:
    """One more step. Significance, notice and form are the officer's; a note may come from anyone who sees the ledger."""
    if kind not in ACTS or kind in ("opened", "closed"):
        raise UnknownWord("step of a case", kind, ACTS)
    permissions.require(by, "ledger.see" if kind in ("noted", "heard") else "ledger.officer")
    if key is not None and (known := CaseAct.objects.filter(ref=key).first()) is not None:
        return known
    if kind in NEEDS_WORDS and not words.strip():
        raise Missing(because="This step needs its words.", way_out="Say what was done or heard.", code="field_empty", where="words")
    row = CaseAct(ref=key or uuid4(), case=case, kind=kind, at=now, by=by, words=words.strip(), data=dict(data or {}))
    row.save()
    if kind == "notice_sent":
        _settle_task(case, "drug_notice", "notice_sent", now=now)
    audit.note(f"case {kind}", by=by, now=now, subject=f"case {case.number}")
    announce(News("ledger", now, body={"ledger": "case"}))
    return row


@transaction.atomic
def find_loss(case: Case, *, words: str, by: Staff, now: datetime, key: UUID | None = None) -> notice.NoticeClock:
    """Theft or loss was found: the clock of the notice runs from this moment, and from the first such moment only."""
    add(case, "loss_found", words=words, by=by, now=now, key=key)
    if case.discovered_at is None:
        case.discovered_at = now
        case.save(update_fields=["discovered_at"])
    clock = clock_of(case)
    assert clock is not None
    words = f"Case {case.number}: written notice to the field office within one business day"
    _ask_the_officer(case, "drug_notice", words, due_at=clock.notice_by, by=by, now=now)
    return clock


def clock_of(case: Case) -> notice.NoticeClock | None:
    if case.discovered_at is None:
        return None
    return notice.clock(case.discovered_at, ZoneInfo(case.location.time_zone))


@transaction.atomic
def close(case: Case, outcome: str, *, words: str, by: Staff, now: datetime, key: UUID | None = None) -> Case:
    """The officer closes a case with an outcome and the reasons. Loss or theft is closed only after the notice was sent.

    refuses  an end without words, a loss without the decision on its significance, a theft without its notice
    """
    permissions.require(by, "ledger.officer")
    if case.status == "closed":
        return case
    if outcome not in OUTCOMES:
        raise UnknownWord("outcome", outcome, OUTCOMES)
    if not words.strip():
        raise Missing(because="A case is closed with its reasons.", way_out="Write what was found.", code="reason_missing", where="words")
    done = set(CaseAct.objects.filter(case=case).values_list("kind", flat=True))
    if outcome in TELLS_OF_LOSS:
        missing = [step for step in ("loss_found", "significance") if step not in done]
        if missing:
            raise NotAllowed(
                because=f"A case closed as {outcome} first records {' and '.join(step.replace('_', ' ') for step in missing)}.",
                way_out="Record the loss and the decision on its significance; the notice's clock starts then.",
                code="loss_not_recorded",
                where="outcome",
            )
        significant = CaseAct.objects.filter(case=case, kind="significance", data__significant=True).exists()
        if (significant or outcome == "stolen") and "notice_sent" not in done:
            raise NotAllowed(
                because="The written notice to the field office is not recorded.",
                way_out="Send it, then record that it was sent.",
                code="notice_missing",
                where="outcome",
            )
    case.status, case.closed_at, case.closed_by, case.outcome = "closed", now, by, outcome
    case.save(update_fields=["status", "closed_at", "closed_by", "outcome"])
    CaseAct(ref=key or uuid4(), case=case, kind="closed", at=now, by=by, words=words.strip(), data={"outcome": outcome}).save()
    _settle_task(case, "drug_discrepancy", "case_closed", now=now)
    audit.note("close case", by=by, now=now, subject=f"case {case.number}: {outcome}")
    announce(News("ledger", now, body={"ledger": "case_closed"}))
    return case


def since_last_agreement(location: Location, now: datetime) -> datetime:
    """When somebody last saw that all was there: the newest count that agreed, else a month ago or the first line."""
    agreed: StockCount | None = StockCount.objects.filter(location=location, status="agrees").order_by("-closed_at").first()
    if agreed is not None and agreed.closed_at is not None:
        return agreed.closed_at
    first: LedgerEntry | None = LedgerEntry.objects.filter(location=location).order_by("number").first()
    earliest = now - WINDOW_WITHOUT_A_COUNT
    return max(first.written_at, earliest) if first else earliest


def _hold_the_numbers() -> None:
    """Two cases opened at once, at whatever places of a practice, wait for each other and get two numbers."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, current_practice_id() % 2_000_000_000])


def _ask_the_officer(case: Case, kind: str, words: str, *, due_at: datetime, by: Staff, now: datetime) -> None:
    about = {"kind": kind, "subject": str(case.ref), "location": case.location}
    tasks.open_task(urgency="same_day", words=words, due_at=due_at, by=by, now=now, **about)  # type: ignore[arg-type]


def _settle_task(case: Case, kind: str, outcome: str, *, now: datetime) -> None:
    """What the record now holds closes the task that asked for it."""
    for task in Task.objects.filter(kind=kind, subject=str(case.ref)).exclude(status="closed"):
        tasks.close_by_fact(task, outcome, fact=f"case {case.number}", now=now)


def _note_again(case: Case, words: str, difference_mg: Decimal, *, by: Staff, now: datetime) -> None:
    newest = CaseAct.objects.filter(case=case, kind__in=["opened", "noted"]).order_by("-id").first()
    if newest is None or newest.words != words:
        CaseAct(case=case, kind="noted", at=now, by=by, words=words, data={"difference_mg": str(difference_mg)}).save()
