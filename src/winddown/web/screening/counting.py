"""What was decided, counted by reason and by rule: numbers, and no names."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.http import HttpResponse

from winddown.domain.screening.rules import BY_ID
from winddown.record.models import ScreeningDecision
from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk, show
from winddown.web.screening.words import CHOICES, REASONS

SPANS = (90, 365, 3650)


@desk("screening.count")
def counts(request: StaffRequest) -> HttpResponse:
    """Decisions of a span of days by choice and reason, and the rules overridden most. Three queries."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdigit() and int(asked) in SPANS else SPANS[1]
    rows = list(ScreeningDecision.objects.filter(decided_at__gte=request.now - timedelta(days=days)).prefetch_related("overrides"))
    by_reason: Counter[tuple[str, str]] = Counter((row.choice, reason) for row in rows for reason in row.reasons)
    by_choice = Counter(row.choice for row in rows)
    overridden = Counter(each.rule for row in rows for each in row.overrides.all())
    context = {
        "days": days,
        "spans": SPANS,
        "total": len(rows),
        "choices": [{"words": words, "n": by_choice[key]} for key, words in CHOICES.items()],
        "lines": [
            {"words": words, "cells": [by_reason[choice, key] for choice in CHOICES]}
            for key, words in REASONS.items()
            if any(by_reason[choice, key] for choice in CHOICES)
        ],
        "overridden": [{"title": BY_ID[rule].title if rule in BY_ID else rule, "n": n} for rule, n in overridden.most_common(15)],
    }
    return show(request, "screening/counts.html", context)
