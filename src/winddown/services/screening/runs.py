"""The run of all rules, and what a prescriber decides on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, cast
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from winddown.domain.refusals import NotAllowed, Stale
from winddown.domain.screening import decide
from winddown.domain.screening.checks import Done, Standing, standings
from winddown.domain.screening.decide import Decided
from winddown.domain.screening.facts import Facts, Moment, digest
from winddown.domain.screening.rule import Finding, judge_all, verdict, worst
from winddown.domain.screening.rules import RULES
from winddown.domain.words import uncut
from winddown.record.models import Location, Patient, ScreeningDecision, ScreeningOverride, ScreeningRun, Session, Staff
from winddown.services import audit, permissions, tasks
from winddown.services.screening import thresholds
from winddown.services.screening.gather import gather

TELL_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class Run:
    """All rules on all facts now, with nothing written."""

    facts: Facts
    done: tuple[Done, ...]
    findings: tuple[Finding, ...]
    checks: tuple[Standing, ...]
    limits_version: int

    @property
    def verdict(self) -> str:
        return verdict(self.findings)

    @property
    def digest(self) -> str:
        """Of what went in, the versions, and what came out."""
        rules = {rule.id: rule.version for rule in RULES}
        findings = [finding.as_data() for finding in self.findings]
        return digest({"inputs": self.facts.as_data(), "limits": self.limits_version, "rules": rules, "findings": findings})


def look(
    patient: Patient,
    *,
    now: datetime,
    zone: tzinfo = UTC,
    track: str,
    moment: Moment = "first",
    since: date | None = None,
    visit: Session | None = None,
) -> Run:
    """Run everything and write nothing."""
    gathered = gather(patient, now=now, zone=zone, track=track, moment=moment, visit=visit)
    version, limits = thresholds.in_force()
    findings = judge_all(RULES, gathered.facts, limits)
    checks = tuple(standings(gathered.facts, gathered.done, limits, since=since))
    return Run(gathered.facts, gathered.done, findings, checks, version)


@transaction.atomic
def keep(patient: Patient, run: Run, *, by: Staff | None, now: datetime, session: Session | None = None) -> ScreeningRun:
    """Keep a run with its inputs, versions and digest. The same run twice on one day is one row."""
    known: ScreeningRun | None = ScreeningRun.objects.filter(patient=patient, digest=run.digest, session=session).order_by("-id").first()
    if known is not None:
        return known
    row = ScreeningRun(
        patient=patient,
        session=session,
        moment=run.facts.moment,
        track=run.facts.track,
        route=run.facts.route,
        inputs=run.facts.as_data(),
        limits_version=run.limits_version,
        findings=[finding.as_data() for finding in run.findings],
        worst=worst(run.findings),
        verdict=run.verdict,
        digest=run.digest,
        ran_at=now,
        by=by,
    )
    row.save()
    audit.note("run screening", by=by, now=now, patient=patient, subject=str(row.ref))
    return row


@transaction.atomic
def decide_on(
    patient: Patient,
    run: Run,
    *,
    choice: str,
    by: Staff,
    now: datetime,
    reasons: Sequence[str] = (),
    overrides: Mapping[str, str] | None = None,
    until: date | None = None,
    words: str = "",
    seen: str = "",
    key: UUID | None = None,
) -> ScreeningDecision:
    """A prescriber accepts, defers or refuses, on the run that was on the screen. Something new since then is shown first.

    seen  the digest of the run that the prescriber saw
    """
    permissions.require(by, "screening.decide")
    known: ScreeningDecision | None = ScreeningDecision.objects.filter(ref=key, patient=patient).first() if key else None
    if known is not None:
        return known
    if patient.merged_into_id:
        raise NotAllowed(because="This record was merged.", way_out="Open the record it was merged into.", code="patient_merged")
    if seen and seen != run.digest:
        raise Stale(
            because="Something on file changed since this page was opened.",
            way_out="Look at the run as it is now, then decide.",
            code="run_stale",
        )
    decide.check_decision(choice, reasons, run.findings, overrides or {}, until=until, today=run.facts.today)
    row = ScreeningDecision(
        ref=key or uuid4(),
        patient=patient,
        run=keep(patient, run, by=by, now=now),
        choice=choice,
        reasons=list(dict.fromkeys(reasons)),
        until=until if choice == "defer" else None,
        words=words.strip(),
        decided_at=now,
        by=by,
    )
    row.save()
    if choice == "accept":
        _override(row, run.findings, overrides or {})
    _tell_the_clinician(row, run, by=by, now=now)
    audit.note(f"screening {choice}", by=by, now=now, patient=patient, subject=str(row.ref))
    return row


def _tell_the_clinician(row: ScreeningDecision, run: Run, *, by: Staff, now: datetime) -> None:
    """On the mood track the treating mental-health clinician is told of the decision: a task of this week, or to find out who it is."""
    place = by.home or Location.objects.order_by("id").first()
    if run.facts.track != "mood" or place is None:
        return
    named = "mental_health_clinician" in run.facts.known
    words = (
        f"Tell them of the decision ({row.choice})." if named else "Nobody is named: ask the patient who treats the mood, then tell them."
    )
    told: dict[str, Any] = {"kind": "mental_health_clinician", "urgency": "soon", "words": words, "location": place, "patient": row.patient}
    tasks.open_task(**told, subject=f"screening:{row.patient.ref}", due_at=now + TELL_WITHIN, now=now, by=by)


def _override(row: ScreeningDecision, findings: Iterable[Finding], overrides: Mapping[str, str]) -> None:
    for finding in findings:
        because = overrides.get(finding.rule, "").strip()
        if finding.outcome == "fired" and because:
            told: dict[str, Any] = {
                "rule": finding.rule,
                "title": finding.title,
                "severity": finding.severity,
                "sentence": finding.sentence,
            }
            ScreeningOverride(decision=row, because=uncut(because, 300, where="because"), **told).save()


def newest_decision(patient: Patient, *, until: datetime | None = None) -> ScreeningDecision | None:
    """The decision in force, now or at `until`. Two queries."""
    rows = ScreeningDecision.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient))
    rows = rows if until is None else rows.filter(decided_at__lte=until)
    found: ScreeningDecision | None = rows.select_related("run", "by").prefetch_related("overrides").order_by("-decided_at", "-id").first()
    return found


def decided(row: ScreeningDecision | None, zone: tzinfo = UTC) -> Decided | None:
    """The decision as the domain reads it."""
    if row is None:
        return None
    fired = {each["rule"]: each["severity"] for each in row.run.findings if each["outcome"] == "fired"}
    overridden = {each.rule: each.because for each in row.overrides.all()}
    on = row.decided_at.astimezone(zone).date()
    return Decided(cast("decide.Choice", row.choice), on, row.by.name, row.until, row.words, fired, overridden)


def findings_of(run: ScreeningRun | None) -> tuple[Finding, ...]:
    return tuple(Finding.from_data(each) for each in run.findings) if run else ()


def standing_overrides(patient: Patient) -> list[ScreeningOverride]:
    """The rules set aside by the decision in force, for every later page. One query."""
    newest = (
        ScreeningDecision.objects.filter(Q(patient=patient) | Q(patient__merged_into=patient))
        .order_by("-decided_at", "-id")
        .values("pk")[:1]
    )
    rows = ScreeningOverride.objects.filter(decision__in=newest).select_related("decision__by").order_by("id")
    return list(rows)
