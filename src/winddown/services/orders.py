"""Protocol versions, courses and orders: written as a draft, judged by the limits, signed by one prescriber or two, then never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from winddown.domain.dosing import limits
from winddown.domain.dosing.finding import Finding, worst
from winddown.domain.dosing.order import OrderDraft, draft_order
from winddown.domain.dosing.protocol import Protocol
from winddown.domain.dosing.recipes import packaged_protocols
from winddown.domain.dosing.request import OrderRequest
from winddown.domain.dosing.rescue import line_from_protocol, may_give
from winddown.domain.refusals import Missing, NotAllowed, Refusal, Stale
from winddown.domain.sessions.blocks import Supervision
from winddown.domain.sessions.supervision import read_supervision
from winddown.record.models import Course, Order, OrderSignature, Patient, ProtocolVersion, Session, Staff
from winddown.services import audit, patients, permissions, rescue, snapshots
from winddown.services.announcements import News, announce
from winddown.services.foresight import foresee
from winddown.services.parsed import Parsed
from winddown.services.screening.checks import require_series

DRUGS = {"racemic": "ketamine", "esketamine": "esketamine"}
NOT_STARTED = ("planned", "checked_in", "ready")


@dataclass(frozen=True)
class OrderNumbers:
    """What the start gate and the label compare with."""

    drug: str
    drug_form: str
    weight_kg: Decimal
    concentration_mg_per_ml: Decimal
    first_rate_ml_per_h: Decimal
    volume_ml: Decimal
    total_mg: Decimal
    minutes: Decimal


@transaction.atomic
def sign_protocol(data: Mapping[str, Any], *, by: Staff, now: datetime) -> ProtocolVersion:
    """A new signed version of a protocol. Everything in it is read and checked before it is kept."""
    permissions.require(by, "protocol.sign")
    newest = ProtocolVersion.objects.filter(key=data["key"]).order_by("-version").first()
    version = newest.version + 1 if newest else 1
    told = {**data, "version": version}
    protocol = Protocol.from_data(told)
    read_supervision(told)
    row = ProtocolVersion(key=protocol.key, version=version, name=protocol.name, data=told, signed_by=by, signed_at=now)
    row.save()
    audit.note("sign protocol", by=by, now=now, subject=f"{protocol.key} {version}")
    return row


def adopt_packaged(*, by: Staff, now: datetime) -> list[ProtocolVersion]:
    """Every packaged recipe that this practice has no version of yet, signed by its director as version 1."""
    have = set(ProtocolVersion.objects.values_list("key", flat=True))
    return [sign_protocol(data, by=by, now=now) for data in packaged_protocols() if data["key"] not in have]


def newest_protocols() -> list[ProtocolVersion]:
    """The version in force of each protocol."""
    return list(ProtocolVersion.objects.order_by("key", "-version").distinct("key"))


@transaction.atomic
def open_course(
    patient: Patient,
    protocol: ProtocolVersion,
    *,
    indication: str,
    by: Staff,
    now: datetime,
    icd10: str = "",
    target: str = "",
    planned_sessions: int = 1,
    key: UUID | None = None,
) -> Course:
    """One patient's plan under one version of a protocol. The same `key` again returns the course that is there."""
    permissions.require(by, "course.open")
    if key is not None and (known := Course.objects.filter(ref=key, patient=patient).first()) is not None:
        return known
    if patient.merged_into_id:
        raise NotAllowed(because="This record was merged.", way_out="Open the record it was merged into.", code="patient_merged")
    if not indication.strip():
        raise Missing(
            because="A course needs its indication.", way_out="Say what is treated.", code="indication_missing", where="indication"
        )
    require_series(patient, today=now.date())
    course = Course(
        ref=key or uuid4(),
        patient=patient,
        protocol=protocol,
        indication=indication,
        icd10=icd10,
        target=target,
        planned_sessions=planned_sessions,
        opened_at=now,
        by=by,
    )
    course.save()
    audit.note("open course", by=by, now=now, patient=patient, subject=str(course.ref))
    return course


def preview(course: Course, entered: Mapping[str, Any]) -> tuple[OrderDraft, tuple[Finding, ...]]:
    """The order worked out and judged, with nothing written: what the page shows while the prescriber types."""
    protocol = Protocol.from_data(course.protocol.data)
    draft = draft_order(OrderRequest.from_data(entered), protocol)
    return draft, tuple(limits.check(draft, protocol))


@transaction.atomic
def write(
    course: Course,
    entered: Mapping[str, Any],
    *,
    by: Staff,
    now: datetime,
    reasons: Mapping[str, str] | None = None,
    as_needed: Sequence[Mapping[str, Any]] = (),
    left_out: Sequence[str] = (),
    supersedes: Order | None = None,
    key: UUID | None = None,
) -> Order:
    """Keep a draft. A hard limit refuses it, a soft one needs its reason; above the ceiling it will take two signatures.

    as_needed   the lines the prescriber wrote or changed; left_out the protocol's lines that do not hold for this patient
    key         the writer's idempotency key: the same key again returns the order that is there
    """
    permissions.require(by, "order.write")
    if key is not None and (known := Order.objects.filter(ref=key, course=course).first()) is not None:
        return known
    draft, findings = preview(course, entered)
    _against_allergies(course, as_needed, left_out, now)
    told = _reasoned(findings, reasons or {})
    if supersedes is not None and Order.objects.filter(supersedes=supersedes).exists():
        raise _superseded()
    row = Order(
        ref=key or uuid4(),
        course=course,
        patient=course.patient,
        version=supersedes.version + 1 if supersedes else 1,
        supersedes=supersedes,
        draft={"request": draft.request.as_data(), "as_needed": [dict(line) for line in as_needed], "left_out": list(left_out)},
        figures=draft.figures(),
        findings=told,
        signatures_needed=2 if worst(findings) == "two_signatures" else 1,
        written_at=now,
        by=by,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as why:
        raise _superseded() from why
    audit.note("write order", by=by, now=now, patient=course.patient, subject=str(row.ref))
    return row


@transaction.atomic
def sign(order: Order, *, by: Staff, now: datetime) -> OrderSignature:
    """A prescriber signs this version as it stands. The limits are judged once more, and the forecast shown is kept.

    With the last signature a visit that has not started, planned under the version before, goes on under this one.
    """
    permissions.require(by, "order.sign")
    if Order.objects.filter(supersedes=order).exists():
        raise Stale(because="A newer version of this order exists.", way_out="Sign the newest version.", code="order_stale")
    if OrderSignature.objects.filter(order=order, by=by).exists():
        raise NotAllowed(because=f"{by.name} has signed this order.", way_out="Another prescriber signs second.", code="signed_already")
    if is_signed(order):
        raise NotAllowed(because="The order is signed and locked.", way_out="Write a new version to change it.", code="order_locked")
    draft, findings = preview(order.course, order.draft["request"])
    _reasoned(findings, {line["code"]: line.get("reason", "") for line in order.findings})
    signature = OrderSignature(order=order, by=by, meaning="prescriber's signature on this version", signed_at=now)
    signature.save()
    audit.note("sign order", by=by, now=now, patient=order.patient, subject=str(order.ref))
    announce(News("status", now, body={"order": str(order.ref)}))
    _keep_shown(order, draft, by, now)
    if is_signed(order):
        _carry_over(order, by, now)
    return signature


def _superseded() -> Stale:
    return Stale(
        because="A newer version of this order exists.",
        way_out="Open the newest version; yours is shown beside it.",
        code="order_stale",
    )


def _keep_shown(order: Order, draft: OrderDraft, by: Staff, now: datetime) -> None:
    """The forecast beside the signature. A model that refuses the patient says so in the snapshot, and the order stands."""
    try:
        shown = foresee(draft, order.patient, now=now, icd10=order.course.icd10).as_data()
    except Refusal as why:
        shown = {"no_forecast": str(why)}
    snapshots.keep("sign", shown, by=by, now=now, order=order)


def _carry_over(order: Order, by: Staff, now: datetime) -> None:
    """Visits of the version before that have not started; the start gate then compares with the new numbers."""
    if order.supersedes_id is None:
        return
    for session in Session.objects.filter(order=order.supersedes_id, status__in=NOT_STARTED).select_related("chair", "patient"):
        session.order = order
        session.save(update_fields=["order"])
        audit.note("order replaced", by=by, now=now, patient=session.patient, subject=str(session.ref), words=f"version {order.version}")
        announce(News("status", now, session.ref, session.chair.ref, {"status": session.status}))


def _against_allergies(course: Course, as_needed: Sequence[Mapping[str, Any]], left_out: Sequence[str], now: datetime) -> None:
    """An as-needed drug that the patient's allergies name is not ordered."""
    protocol = Protocol.from_data(course.protocol.data)
    written = rescue.read_lines(as_needed)
    replaced = {line.key for line in written} | set(left_out)
    packaged = [line_from_protocol(item) for item in protocol.dosing.as_needed if item.key not in replaced]
    allergies = patients.card(course.patient).allergies
    for line in [*written, *(line for line in packaged if line is not None)]:
        for finding in may_give(line, (), now, allergies=allergies):
            if finding.severity == "stop":
                raise Refusal(because=finding.sentence, way_out="Leave this line out.", code=finding.code, where="as_needed")


def _reasoned(findings: Sequence[Finding], reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    told = []
    for finding in findings:
        if finding.severity == "stop":
            raise Refusal(because=finding.sentence, way_out=finding.way_out, code=finding.code)
        reason = str(reasons.get(finding.code, "")).strip()
        if not reason:
            raise Missing(
                because=finding.sentence,
                way_out=f"{finding.way_out} Or give the reason.",
                code=finding.code,
                where=f"reason_{finding.code}",
            )
        told.append({**finding.as_data(), "reason": reason})
    return told


def signers(order: Order) -> list[str]:
    return [row.by.name for row in OrderSignature.objects.filter(order=order).select_related("by").order_by("signed_at")]


def is_signed(order: Order) -> bool:
    return OrderSignature.objects.filter(order=order).count() >= order.signatures_needed


def checked(order: Order) -> OrderDraft:
    """The order worked out again from what was entered, under its own version of the protocol."""
    return _worked_out(order)


def supervision_of(protocol: ProtocolVersion) -> Supervision:
    """The supervision half of one version of a protocol."""
    return _supervision(protocol)


def _draft(order: Order) -> OrderDraft:
    return draft_order(OrderRequest.from_data(order.draft["request"]), Protocol.from_data(order.course.protocol.data))


_worked_out: Parsed[Order, OrderDraft] = Parsed(_draft)
_supervision: Parsed[ProtocolVersion, Supervision] = Parsed(lambda protocol: read_supervision(protocol.data))


def facts(order: Order) -> OrderNumbers:
    draft = checked(order)
    return OrderNumbers(
        drug=DRUGS[draft.request.drug_form],
        drug_form=draft.request.drug_form,
        weight_kg=draft.request.weight_kg,
        concentration_mg_per_ml=draft.concentration_mg_per_ml,
        first_rate_ml_per_h=draft.phases[0].rate_ml_per_h,
        volume_ml=draft.total_ml,
        total_mg=draft.total_mg,
        minutes=draft.total_minutes,
    )


def visit_minutes(order: Order) -> int:
    """How long the chair is planned for: the infusion, the minimum stay, and half an hour to arrive."""
    stay = read_supervision(order.course.protocol.data).recovery.minimum_stay_min.value
    return int(timedelta(minutes=float(facts(order).minutes) + stay + 30).total_seconds() // 60)
