"""How the site writes hours, and what it tells machines about places, texts and answers (schema.org)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import time
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import time_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from winddown.services.site.reading import PublicAnswer, PublicPlace, PublicText
from winddown.web.people.words import WEEKDAYS
from winddown.web.public.door import VisitorRequest
from winddown.web.public.words import plain

SCHEMA_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def hours(place: PublicPlace) -> list[tuple[str, str]]:
    """Days with their hours, neighbors of equal hours in one line; a place without hours has none."""
    if not place.hours:
        return []
    days = [(day, _span_words(place.hours.get(day, []))) for day in WEEKDAYS]
    found = []
    for words, group in groupby(days, key=lambda each: each[1]):
        names = [str(WEEKDAYS[day]) for day, _words in group]
        label = names[0] if len(names) == 1 else _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
        found.append((label, words or _("closed")))
    return found


def zone_words(place: PublicPlace, request: VisitorRequest) -> str:
    """The name of the place's time as its people say it, today."""
    return request.now.astimezone(ZoneInfo(place.time_zone)).tzname() or place.time_zone


def cards(request: VisitorRequest) -> list[dict[str, Any]]:
    return [card(place, request) for place in request.clinic_site.places]


def card(place: PublicPlace, request: VisitorRequest) -> dict[str, Any]:
    return {
        "place": place,
        "hours": hours(place),
        "zone": zone_words(place, request),
        "directions": place.directions.get(request.spoken) or next(iter(place.directions.values()), ""),
    }


def machine(value: Mapping[str, Any]) -> SafeString:
    """JSON that cannot end its own element."""
    text = json.dumps({"@context": "https://schema.org", **value}, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def clinic(request: VisitorRequest) -> SafeString:
    home = request.build_absolute_uri(f"/clinic/{request.practice.slug}/{request.spoken}/")
    places = [_place(place, request) for place in request.clinic_site.places]
    return machine({"@type": "MedicalOrganization", "name": request.practice.name, "url": home, "department": places})


def clinic_of(place: PublicPlace, request: VisitorRequest) -> SafeString:
    return machine(_place(place, request))


def article(text: PublicText, request: VisitorRequest) -> SafeString:
    return machine(
        {
            "@type": "MedicalWebPage",
            "headline": text.title,
            "description": plain(text.summary),
            "inLanguage": text.language,
            "url": request.build_absolute_uri(request.path),
            "author": {"@type": "Person", "name": text.author},
            "reviewedBy": {"@type": "Person", "name": text.reviewer},
            "lastReviewed": text.review.approved_on.isoformat(),
            "datePublished": text.written_at.date().isoformat(),
            "publisher": {"@type": "MedicalOrganization", "name": request.practice.name},
        }
    )


def answers(rows: Sequence[PublicAnswer]) -> list[SafeString]:
    if not rows:
        return []
    entities = [
        {
            "@type": "Question",
            "name": row.question,
            "inLanguage": row.language,
            "acceptedAnswer": {"@type": "Answer", "text": row.answer, "dateCreated": row.at.date().isoformat()},
        }
        for row in rows
    ]
    return [machine({"@type": "FAQPage", "mainEntity": entities})]


def _place(place: PublicPlace, request: VisitorRequest) -> dict[str, Any]:
    found = {
        "@type": "MedicalClinic",
        "name": f"{request.practice.name}, {place.name}",
        "url": request.build_absolute_uri(f"/clinic/{request.practice.slug}/{request.spoken}/places/{place.slug}/"),
        "address": place.address,
        "telephone": place.phone,
        "hasMap": place.map_url,
        "openingHoursSpecification": [
            {"@type": "OpeningHoursSpecification", "dayOfWeek": SCHEMA_DAYS[int(day)], "opens": span[0], "closes": span[1]}
            for day, spans in place.hours.items()
            for span in spans
        ],
    }
    return {key: value for key, value in found.items() if value}


def _span_words(spans: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{_clock(span[0])} – {_clock(span[1])}" for span in spans)


def _clock(text: str) -> str:
    return str(time_format(time.fromisoformat(text), "TIME_FORMAT"))
