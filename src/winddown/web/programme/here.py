"""What the pages of figures share: which program and split they are about, the newest rebuild, and the way to a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from winddown.domain.outcomes.definition import definition_of
from winddown.record.models import ProgrammeRebuild
from winddown.record.queries import outcomes
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
    }
    if rebuild is None:
        return show(request, "programme/nothing.html", more)
    return show(request, template, more | dict(context))


def newest() -> ProgrammeRebuild | None:
    return outcomes.newest_rebuild()
