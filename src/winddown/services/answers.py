"""Answers to instruments: kept as they came, scored by the version that asked, and looked at at once for what they set off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from winddown.domain.instruments.instrument import Instrument
from winddown.domain.instruments.scoring import Scored, score
from winddown.domain.refusals import Missing, Refusal, Stale, UnknownWord
from winddown.record.models import Answer, Link, Patient, Session, Staff
from winddown.record.models.answers import SOURCES
from winddown.services import audit, consents, episodes, instruments, mornings, own_access, permissions, relief_offer, suicide_safety
from winddown.services.announcements import News, announce

CLOCKS_MAY_DIFFER = timedelta(minutes=5)
OLDEST = timedelta(days=60)
NO_PERMISSION = "a caregiver answered; no permission of the patient is on file"


@transaction.atomic
def submit(
    *,
    patient: Patient,
    instrument: str,
    version: str,
    items: Mapping[str, Any],
    language: str,
    answered_at: datetime,
    source: str,
    now: datetime,
    by: Staff | None = None,
    link: Link | None = None,
    session: Session | None = None,
    key: UUID | None = None,
    supersedes: Answer | None = None,
    because: str = "",
) -> Answer:
    """Keep one set of answers. What was answered is a fact: odd answers are stored as they came, named, and not scored.

    source   `patient`, `caregiver` or `staff`, who then is `by`; what a caregiver says without permission is kept and marked
    key      the writer's idempotency key: sent twice, it is one answer
    refuses  UnknownWord for an instrument or source that is not known, Missing for an answer without a writer
    """
    if by is not None:
        permissions.require(by, "answer.write")
    if link is not None and link.access is not None and link.access.who == "caregiver":
        source = "caregiver"
    if source not in SOURCES:
        raise UnknownWord("source of an answer", source, SOURCES)
    if by is None and link is None:
        raise Missing(because="An answer needs its writer.", way_out="Sign in, or use the link.", code="answer_without_writer")
    known: Answer | None = Answer.objects.filter(ref=key).first() if key else None
    if known is not None:
        return known
    form, whose = instruments.form_of(instrument), patient.merged_into or patient
    at, odd = moment(answered_at, now)
    judged = _judge(form, version, items)
    unasked = source == "caregiver" and not _permitted(link, whose, now)
    answer = Answer(
        ref=key or uuid4(),
        patient=whose,
        session=session,
        instrument=form.key,
        version=version,
        language=language,
        items=dict(items),
        answered_at=at,
        written_at=now,
        source=source,
        by=by,
        link=link,
        score=None if judged is None or judged.value is None else Decimal(str(judged.value)),
        judged=_told(judged),
        odd="; ".join(part for part in (odd, NO_PERMISSION if unasked else "", _odd(judged)) if part)[:300],
        supersedes=supersedes,
        because=because[:300],
    )
    answer.save()
    audit.note("write answer", by=by, now=now, patient=whose, subject=str(answer.ref), words=form.id)
    announce(News("answer", now, body={"patient": str(whose.ref)}))
    suicide_safety.follow(answer, now=now)
    mornings.follow(answer, now=now)
    episodes.follow(answer, now=now)
    relief_offer.follow(answer, now=now)
    return answer


def correct(answer: Answer, items: Mapping[str, Any], *, because: str, by: Staff, now: datetime, key: UUID | None = None) -> Answer:
    """What was really answered, as a new row that supersedes; the old one stays to be seen."""
    if not because.strip():
        raise Refusal(
            because="A correction needs a reason.",
            way_out="Say what was wrong with the first entry.",
            code="reason_missing",
            where="because",
        )
    if Answer.objects.filter(supersedes=answer).exists():
        raise Stale(because="This answer was corrected meanwhile.", way_out="Look at the newer one first.", code="answer_superseded")
    return submit(
        patient=answer.patient,
        instrument=answer.instrument,
        version=answer.version,
        items=items,
        language=answer.language,
        answered_at=answer.answered_at,
        source="staff",
        by=by,
        session=answer.session,
        supersedes=answer,
        because=because.strip(),
        key=key,
        now=now,
    )


def judged(answer: Answer) -> Scored | None:
    """The answer judged again by the version that asked; None when that version is not known here."""
    return _judge(instruments.form_of(answer.instrument), answer.version, answer.items)


def _permitted(link: Link | None, patient: Patient, now: datetime) -> bool:
    """The patient named this person on their own pages, or signed the permission for a caregiver."""
    if link is not None and link.access is not None and "diary" in link.access.may and own_access.is_live(link.access, now=now):
        return True
    return consents.caregiver_allowed(patient, today=now.date())


def _judge(form: Instrument, version: str, items: Mapping[str, Any]) -> Scored | None:
    return score(form, items) if version == form.version else None


def _told(judged: Scored | None) -> dict[str, Any]:
    if judged is None:
        return {"why": "version"}
    return {
        "why": judged.why,
        "band": judged.band.key if judged.band else "",
        "lacking": list(judged.lacking),
        "odd": list(judged.odd),
        "prorated": judged.prorated,
        "parts": dict(judged.parts),
        "findings": list(judged.findings),
    }


def _odd(judged: Scored | None) -> str:
    if judged is None:
        return "answered on a version that is not known here"
    return f"no allowed answer: {', '.join(judged.odd)}" if judged.odd else ""


def moment(answered_at: datetime, now: datetime) -> tuple[datetime, str]:
    """When it was answered, by the phone's clock if that can be: a phone from the future or the far past is set to the time it arrived."""
    if now - OLDEST <= answered_at <= now + CLOCKS_MAY_DIFFER:
        return min(answered_at, now), ""
    return now, f"the device said {answered_at:%Y-%m-%d %H:%M}, which cannot be; the time of arrival is used"
