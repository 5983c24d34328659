"""What the pages of figures share: which program and split they are about, the newest rebuild, and the way to a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from winddown.domain.outcomes.definition import definition_of
from winddown.record.models import ProgrammeRebuild, RebuildRun
from winddown.record.queries import outcomes
from winddown.services import rebuilds
from winddown.services.background import GOING
from winddown.web.access import StaffRequest
from winddown.web.people.shell import show
from winddown.web.programme.words import PROGRAMMES, SPLITS


def programme_of(request: StaffRequest) -> str:
    """The program that the address names; pain where it names none that is known."""
    asked = request.GET.get("of", "")
    return asked if asked in PROGRAMMES else next(iter(PROGRAMMES))


def split_of(request: StaffRequest, among: Mapping[str, Any] = SPLITS) -> str:
    asked = request.GET.get("by", "")
    return asked if asked in among else next(iter(among))


def list_url(**asked: Any) -> str:
    """The list behind a number."""
    return f"{reverse('programme_list')}?{urlencode({key: value for key, value in asked.items() if value not in (None, '')})}"


def page(request: StaffRequest, template: str, tab: str, context: Mapping[str, Any], rebuild: ProgrammeRebuild | None) -> HttpResponse:
    """A page of figures, or what to do where there are none yet."""
    programme = programme_of(request)
    more = {
        "tab": tab,
        "rebuild": rebuild,
        "programme": programme,
        "programme_words": PROGRAMMES[programme],
        "programmes": [{"key": key, "words": words} for key, words in PROGRAMMES.items()],
        "definition": definition_of(programme),
        "run": run_of(rebuilds.newest(), rebuild),
    }
    if rebuild is None:
        return show(request, "programme/nothing.html", more)
    return show(request, template, more | dict(context))


def newest() -> ProgrammeRebuild | None:
    return outcomes.newest_rebuild()


def run_of(row: RebuildRun | None, made: ProgrammeRebuild | None) -> dict[str, Any] | None:
    """The rebuild that was asked for last, while it has something to say: it runs, it made what is shown, or it failed since."""
    if row is None or (row.finished_at and made and made.written_at > row.finished_at):
        return None
    doing = PROGRAMMES.get(row.doing, _("Unwanted effects")) if row.doing else ""
    return {"row": row, "going": row.state in GOING, "doing": doing, "percent": round(100 * row.done / row.of) if row.of else 0}
