"""The audit trail: who did what, to which chart, and when."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse

from winddown.record.models import AuditEntry
from winddown.services import audit
from winddown.web.access import StaffRequest
from winddown.web.people.forms import AuditFilter
from winddown.web.people.shell import desk, paged, show


@desk("audit.read")
def audit_trail(request: StaffRequest) -> HttpResponse:
    """Newest first. Reading the trail leaves a line in it."""
    form = AuditFilter(request.GET)
    rows = paged(request, _entries(form.cleaned_data if form.is_valid() else {}))
    audit.note("read audit", by=request.staff, now=request.now, address=request.META.get("REMOTE_ADDR") or None)
    for row in rows:
        row.act_words = row.act.replace("_", " ")
    kept = urlencode({name: value for name, value in request.GET.items() if name != "page" and value})
    return show(request, "people/audit.html", {"form": form, "rows": rows, "kept": kept})


def _entries(wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.select_related("by", "patient").order_by("-at", "-id")
    if wanted.get("number"):
        entries = entries.filter(patient__record_number__iexact=wanted["number"].strip())
    if wanted.get("person"):
        entries = entries.filter(by=wanted["person"])
    if wanted.get("day"):
        entries = entries.filter(at__date=wanted["day"])
    return entries
