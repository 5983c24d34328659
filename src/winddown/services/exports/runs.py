"""An export that a person asked for: made in the background, its progress to be seen; who made and who took it is written down."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from winddown.domain.refusals import Missing, NotAllowed, UnknownWord
from winddown.record.models import ExportRun, Practice, Staff
from winddown.record.scope import at_practice
from winddown.services import audit, background, clock, permissions
from winddown.services.exports.writing import FORMS, Step, export, key_of

log = logging.getLogger("winddown.exports")
KEPT_FOR = timedelta(days=2)


def needed_for(form: str) -> str:
    """The permission that a form of the export asks for. What names people is for the director alone."""
    if form not in FORMS:
        raise UnknownWord("form of an export", form, FORMS)
    return "programme.export_research" if form == "researchers" else "programme.export"


@transaction.atomic
def ask(*, form: str, by: Staff, now: datetime) -> ExportRun:
    """Ask for one. While one is being made, nobody asks for another."""
    permissions.require(by, needed_for(form))
    if any(background.is_alive(row, now) for row in ExportRun.objects.filter(state__in=background.GOING)):
        raise NotAllowed(because="An export is being made.", way_out="Wait for it; it is on this page.", code="export_going")
    row = ExportRun(form=form, asked_at=now, by=by)
    row.save()
    audit.note("ask for export", by=by, now=now, subject=str(row.ref), words=form)
    return row


def newest(by: Staff, count: int = 10) -> list[ExportRun]:
    """The newest that this person may take."""
    forms = [form for form in FORMS if permissions.may(by, needed_for(form))]
    return list(ExportRun.objects.filter(form__in=forms).select_related("by").order_by("-id")[:count])


def waiting() -> list[int]:
    return background.waiting(ExportRun)


def folder_of(practice: Practice) -> Path:
    return Path(settings.EXPORTS) / practice.slug


def file_of(row: ExportRun) -> Path:
    """Where the file of a ready export lies. refuses Missing when it was taken away meanwhile."""
    path = folder_of(row.practice) / f"{row.ref}.zip"
    if row.state != "ready" or not path.exists():
        raise Missing(because="This file is not there any more.", way_out="Ask for a new export.", code="export_gone")
    return path


def key_file_of(row: ExportRun) -> Path:
    """Where the key to a researchers' file lies; it stays when the file is taken away. refuses Missing where there is none."""
    path = key_of(folder_of(row.practice) / f"{row.ref}.zip")
    if row.form != "researchers" or not path.exists():
        raise Missing(because="There is no key to this file.", way_out="Only a file for researchers has one.", code="no_key")
    return path


def note_taken(row: ExportRun, *, by: Staff, now: datetime) -> None:
    permissions.require(by, needed_for(row.form))
    audit.note("take export", by=by, now=now, subject=str(row.ref), words=row.form)


def note_key_taken(row: ExportRun, *, by: Staff, now: datetime) -> None:
    """Who holds the key can tell whose numbers they are: that it was taken is in the audit trail for itself."""
    permissions.require(by, "programme.export")
    audit.note("take export key", by=by, now=now, subject=str(row.ref), words=row.form)


def carry_out(practice_id: int, run_id: int) -> None:
    """Make the file, called outside any practice. Each step of progress is a transaction of its own, so that the page sees it.

    The file shows the record as it stood when the reading began; what was written meanwhile is in no table of it.
    """
    row = background.take(ExportRun, practice_id, run_id)
    if row is None:
        return
    practice = Practice.objects.get(pk=practice_id)
    path = folder_of(practice) / f"{row.ref}.zip"
    _sweep(path.parent)
    try:
        _make(row, practice, path)
    except Exception as why:
        background.failed(row, why, log)


def _make(row: ExportRun, practice: Practice, path: Path) -> None:
    def say(step: Step) -> None:
        background.beat(row, step)

    export(practice, path, form=row.form, now=clock.now(), say=say)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with at_practice(practice.pk):
        background.tell(
            row, state="ready", done=row.of, of=row.of, doing="", finished_at=clock.now(), size_bytes=path.stat().st_size, sha256=digest
        )
        audit.note("export made", by=row.by, now=clock.now(), subject=str(row.ref), words=digest)


def _sweep(folder: Path) -> None:
    """Files older than two days go: an export lies about no longer than it takes to fetch it."""
    before = clock.now().timestamp() - KEPT_FOR.total_seconds()
    for path in folder.glob("*.zip"):
        if path.stat().st_mtime < before:
            path.unlink()
