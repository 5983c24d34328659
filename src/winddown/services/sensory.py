"""A pinprick test at the bedside: drawn before the first touch, answered tap by tap, and worked out anew whenever it is looked at."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from winddown.domain.refusals import Missing, NotAllowed, Refusal, UnknownWord
from winddown.domain.sensory import answers
from winddown.domain.sensory.answers import Standing
from winddown.domain.sensory.norms import read_norms
from winddown.domain.sensory.plan import Plan, draw
from winddown.domain.words import uncut
from winddown.record.models import Patient, SensoryEntry, SensoryNorms, SensoryTest, Session, Staff
from winddown.record.queries import sensory as rows_of
from winddown.services import audit, permissions

NEEDS_A_REASON = ("skipped", "stopped")


@transaction.atomic
def begin(
    patient: Patient,
    form: str,
    *,
    control: str,
    affected: str,
    by: Staff,
    now: datetime,
    session: Session | None = None,
    repeats: SensoryTest | None = None,
    started_at: datetime | None = None,
    seed: int | None = None,
    key: UUID | None = None,
) -> SensoryTest:
    """Draw the whole order and keep it. The same key twice is one test.

    seed      the order's seed; drawn here unless a reader wants one order again
    repeats   the earlier test that this one is made to repeat, with nothing changed between; another person's is refused
    """
    permissions.require(by, "sensory.test")
    known: SensoryTest | None = SensoryTest.objects.filter(ref=key).first() if key else None
    if known is not None:
        return _the_same(known, patient)
    if repeats is not None and repeats.patient_id != patient.pk:
        raise NotAllowed(because="The test to repeat is another person's.", way_out="Open this person's test.", code="repeats_other")
    if session is not None and session.patient_id != patient.pk:
        raise NotAllowed(because="That visit is another person's.", way_out="Open this person's visit.", code="session_other")
    plan = draw(form, control=control, affected=affected, seed=secrets.randbits(32) if seed is None else seed)
    test = SensoryTest(
        ref=key or uuid4(),
        patient=patient,
        session=session,
        form=form,
        plan=plan.as_data(),
        control=control,
        affected=affected,
        repeats=repeats,
        started_at=started_at or now,
        written_at=now,
        by=by,
    )
    test.save()
    audit.note("begin sensory test", by=by, now=now, patient=patient, subject=str(test.ref))
    return test


def _the_same(known: SensoryTest, patient: Patient) -> SensoryTest:
    if known.patient_id != patient.pk:
        raise Refusal(because="This key was used for another test.", way_out="Reload the page and enter it again.", code="key_reused")
    return known


@transaction.atomic
def enter(
    test: SensoryTest,
    kind: str,
    *,
    by: Staff,
    now: datetime,
    step: int = 0,
    data: Mapping[str, Any] | None = None,
    happened_at: datetime | None = None,
    takes_back: UUID | str | None = None,
    key: UUID | None = None,
) -> SensoryEntry:
    """Append one answer, or a pause, a resumption, an end, a step left out, an answer taken back. The same key twice is one row.

    An answer that arrives after the end is a fact: kept, counted and marked. An answer that cannot be on the scale is refused.
    """
    permissions.require(by, "sensory.test")
    if kind not in answers.KINDS:
        raise UnknownWord("sensory entry", kind, answers.KINDS)
    known: SensoryEntry | None = SensoryEntry.objects.filter(ref=key).first() if key else None
    if known is not None:
        return _the_same_entry(known, test, kind)
    before = standing_of(test)
    row = SensoryEntry(
        ref=key or uuid4(),
        test=test,
        kind=kind,
        step=step if kind in (*answers.ANSWERS, "taken_back") else 0,
        data=_told(before.plan, kind, step, data or {}),
        happened_at=happened_at or now,
        written_at=now,
        by=by,
        supersedes=_gone(test, kind, takes_back),
        odd=_odd(before, kind),
    )
    row.save()
    if kind not in answers.ANSWERS:
        audit.note(f"sensory test {kind.replace('_', ' ')}", by=by, now=now, patient=test.patient, subject=str(test.ref))
    return row


def _the_same_entry(known: SensoryEntry, test: SensoryTest, kind: str) -> SensoryEntry:
    if known.test_id != test.pk or known.kind != kind:
        raise Refusal(because="This key was used for another entry.", way_out="Reload the page and enter it again.", code="key_reused")
    return known


def _told(plan: Plan, kind: str, step: int, data: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "answer":
        return answers.checked(plan.step(step), data)
    if kind == "skipped":
        plan.step(step)
    because = uncut(str(data.get("because", "")), 300)
    if kind in NEEDS_A_REASON and not because:
        raise Missing(because="This needs a reason.", way_out="Say why.", code="reason_missing", where="because")
    return {"because": because} if because else {}


def _gone(test: SensoryTest, kind: str, takes_back: UUID | str | None) -> SensoryEntry | None:
    if kind != "taken_back":
        return None
    found: SensoryEntry | None = SensoryEntry.objects.filter(test=test, ref=takes_back).first() if takes_back else None
    if found is None:
        raise Missing(because="The answer to take back is not in this test.", way_out="Reload the test.", code="entry_unknown")
    return found


def _odd(before: Standing, kind: str) -> str:
    if before.status in answers.ENDS and kind in answers.ANSWERS:
        return f"Came after the test was {before.status}."
    return ""


def standing_of(test: SensoryTest) -> Standing:
    """What stands of a test now. One query."""
    return answers.standing(Plan.from_data(test.plan), rows_of.entries_of(test))


@transaction.atomic
def load_norms(text: str, license_words: str, *, by: Staff, now: datetime) -> SensoryNorms:
    """Put a licensed table of norms into use, whole or not at all. The license is named and kept with it."""
    permissions.require(by, "sensory.norms")
    if not license_words.strip():
        raise Missing(
            because="The license is not named.",
            way_out="Say under which license the clinic uses the table.",
            code="license",
            where="license",
        )
    rows = [row.as_data() for row in read_norms(text)]
    return _keep_norms(rows, uncut(license_words, 300, where="license_words"), sha256(text.encode()).hexdigest(), by, now)


@transaction.atomic
def withdraw_norms(because: str, *, by: Staff, now: datetime) -> SensoryNorms:
    """Take the norms out of use. What was shown with them stays in the record as it was."""
    permissions.require(by, "sensory.norms")
    if not because.strip():
        raise Missing(because="Taking norms out of use needs a reason.", way_out="Say why.", code="reason_missing", where="because")
    return _keep_norms([], uncut(because, 300, where="because"), "", by, now)


def _keep_norms(rows: list[dict[str, Any]], words: str, digest: str, by: Staff, now: datetime) -> SensoryNorms:
    table = SensoryNorms(rows=rows, license=words, sha256=digest, loaded_at=now, by=by)
    table.save()
    audit.note("load sensory norms" if rows else "withdraw sensory norms", by=by, now=now, subject=str(table.ref))
    return table
