"""The clinic's thresholds: the shipped figures, and the versions that its medical director signs over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from winddown.domain.figures import Figure
from winddown.domain.refusals import Missing, OutOfRange, Stale, UnknownWord
from winddown.domain.screening.check_kinds import CHECKS
from winddown.domain.screening.rule import Limits, with_limits
from winddown.domain.screening.rules import RULES
from winddown.domain.words import uncut
from winddown.record.models import ScreeningLimits, Staff
from winddown.services import audit, permissions

Signed = Mapping[str, Mapping[str, Mapping[str, Any]]]


def shipped() -> dict[str, dict[str, Figure]]:
    """Every threshold as shipped: by rule id, and by `check.<kind>`."""
    found = {rule.id: dict(rule.limits) for rule in RULES if rule.limits}
    return found | {f"check.{kind.key}": dict(kind.limits) for kind in CHECKS.values()}


def in_force() -> tuple[int, Limits]:
    """The newest signed version, and every threshold under it. Version 0 are the shipped figures. One query."""
    row = ScreeningLimits.objects.order_by("-version").first()
    return (row.version, read(row.data)) if row else (0, read({}))


def read(signed: Signed) -> Limits:
    """Signed data over the shipped figures. A rule, check or name that nobody knows stops."""
    of_checks = {name: figures for name, figures in signed.items() if name.startswith("check.")}
    of_rules = {name: figures for name, figures in signed.items() if name not in of_checks}
    known = shipped()
    for name, figures in of_checks.items():
        if name not in known:
            raise UnknownWord("check", name, [each for each in known if each.startswith("check.")])
        for each in figures:
            if each not in known[name]:
                raise UnknownWord("threshold", each, known[name])
    checks = {
        name: {each: Figure.from_data(dict(of_checks.get(name, {}).get(each) or figure.as_data())) for each, figure in figures.items()}
        for name, figures in known.items()
        if name.startswith("check.")
    }
    return {**with_limits(RULES, of_rules), **checks}


@transaction.atomic
def sign(changed: Signed, *, because: str, on: int, by: Staff, now: datetime) -> ScreeningLimits:
    """A new version by the director: the version before it with these figures changed.

    on  the version that the director saw; a newer one is shown first
    """
    permissions.require(by, "screening.sign_limits")
    newest = ScreeningLimits.objects.order_by("-version").first()
    version = newest.version if newest else 0
    if on != version:
        raise Stale(because=f"Version {version} was signed meanwhile.", way_out="Look at it, then change it.", code="limits_stale")
    if not because.strip():
        raise Missing(because="No reason is given.", way_out="Say why the thresholds change.", code="reason_missing", where="because")
    if not changed:
        raise Missing(because="Nothing was changed.", way_out="Change a figure first.", code="nothing_changed")
    for figures in changed.values():
        for name, figure in figures.items():
            if not 0 <= float(figure["value"]) < 100_000:
                raise OutOfRange(because=f"{name}: {figure['value']} cannot be.", way_out="Check the number.", code="limit_range")
    merged: dict[str, Any] = {rule: dict(names) for rule, names in (newest.data if newest else {}).items()}
    for rule, names in changed.items():
        merged.setdefault(rule, {}).update(names)
    read(merged)
    row = ScreeningLimits(version=version + 1, data=merged, because=uncut(because, 300, where="because"), signed_by=by, signed_at=now)
    row.save()
    audit.note("sign screening thresholds", by=by, now=now, subject=f"version {row.version}")
    return row
