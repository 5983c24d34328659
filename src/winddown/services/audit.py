"""Every read and every write of a chart leaves a line that nobody can change."""

from __future__ import annotations

from datetime import datetime

from winddown.record.models import AuditEntry, Patient, Staff


def note(
    act: str,
    *,
    by: Staff | None,
    now: datetime,
    patient: Patient | None = None,
    subject: str = "",
    address: str | None = None,
    words: str = "",
) -> AuditEntry:
    """Append one line: who did what to which chart. `words` never holds a name or a clinical value."""
    entry = AuditEntry(at=now, by=by, act=act, patient=patient, subject=subject[:80], address=address, words=words[:300])
    entry.save()
    return entry
