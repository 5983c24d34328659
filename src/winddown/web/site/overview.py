"""The whole public site on one page: what strangers see, what waits for a clinician, what is out of review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from winddown.domain.public_site.review import Review
from winddown.record.models import Location, SiteNotice, SiteQuestion, SiteText, SiteTextAct, SiteTextVersion, Staff
from winddown.services import permissions
from winddown.services.site import around, texts
from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk, show
from winddown.web.site.forms import LANGUAGE_NAMES


@dataclass(frozen=True)
class State:
    """Where one language of a text stands: in words, with the level of the sign beside them."""

    words: str
    level: str


@desk("site.write")
def overview(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        text = texts.therapy_page(by=request.staff, now=request.now)
        return redirect("site_text", ref=text.ref, written=texts.LANGUAGES[0])
    today = timezone.localdate(request.now)
    context = {
        "rows": (rows := _rows(today)),
        "has_therapy": any(row["text"].kind == "therapy" for row in rows),
        "notices": SiteNotice.objects.filter(withdrawn_at=None, ends_on__gte=today).select_related("location").order_by("starts_on"),
        "places": Location.objects.order_by("name"),
        "people": _people(),
        "waiting": SiteQuestion.objects.filter(status="waiting").count() if permissions.may(request.staff, "site.answer") else None,
        "clinic": request.staff.practice.slug,
    }
    return show(request, "site/overview.html", context)


def state_of(act: SiteTextAct | None, newest: SiteTextVersion | None, on: date) -> State:
    if newest is None:
        return State(_("not written"), "unknown")
    if act is None or act.kind == "withdrawn":
        return State(_("not on the site: version %(n)s waits for approval") % {"n": newest.number}, "watch")
    assert act.next_review_on is not None
    review = Review(timezone.localdate(act.at), act.next_review_on)
    if review.has_lapsed(on):
        return State(_("out of review since %(day)s") % {"day": date_format(act.next_review_on)}, "act")
    if act.version_id != newest.pk:
        return State(
            _("version %(shown)s on the site, version %(n)s waits for approval") % {"shown": act.version.number, "n": newest.number},
            "watch",
        )
    if review.is_due_soon(on):
        return State(_("on the site, to be read again by %(day)s") % {"day": date_format(act.next_review_on)}, "watch")
    return State(_("on the site, reviewed until %(day)s") % {"day": date_format(act.next_review_on)}, "calm")


def _rows(today: date) -> list[dict[str, Any]]:
    acts = {(act.text_id, act.language): act for act in texts.newest_acts()}
    newest: dict[tuple[int, str], SiteTextVersion] = {}
    for version in SiteTextVersion.objects.order_by("text_id", "language", "-number").distinct("text_id", "language"):
        newest[version.text_id, version.language] = version
    found = []
    for text in SiteText.objects.order_by("-kind", "-opened_at"):
        written = [version for (text_id, _language), version in newest.items() if text_id == text.pk]
        languages = [
            {
                "code": code,
                "name": name,
                "state": state_of(acts.get((text.pk, code)), newest.get((text.pk, code)), today),
            }
            for code, name in LANGUAGE_NAMES.items()
        ]
        found.append({"text": text, "title": written[0].title if written else text.slug, "languages": languages})
    return found


def _people() -> list[dict[str, Any]]:
    rows = {row.staff_id: row for row in around.people_rows()}
    clinical = [person for person in Staff.objects.filter(active=True).order_by("name") if permissions.may(person, "task.clinical")]
    return [{"staff": person, "shown": person.pk in rows and rows[person.pk].shown} for person in clinical]
