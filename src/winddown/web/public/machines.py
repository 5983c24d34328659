"""What robots are told: which pages are there in which languages, and where not to look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from winddown.services.site import reading
from winddown.web.access import public
from winddown.web.public.door import LANGUAGES, VisitorRequest, visitor

DAY = 24 * 3600
Line = tuple[str, tuple[str, ...], date | None]


@require_safe
@visitor(seconds=3600)
def sitemap(request: VisitorRequest) -> HttpResponse:
    """Pages that search engines may show: nothing lapsed, nothing hidden, nothing before the therapy page is approved."""
    if request.clinic_site.therapy is None:
        raise Http404
    body = "".join(_line(request, path, languages, changed) for path, languages, changed in _lines(request))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{body}</urlset>\n'
    )
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Only the public sites are for robots. A house with one practice names its map of pages."""
    lines = ["User-agent: *", "Allow: /clinic/", "Allow: /static/", "Disallow: /"]
    only = reading.the_only_practice()
    if only is not None:
        lines.append(f"Sitemap: {request.build_absolute_uri(f'/clinic/{only.slug}/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": f"max-age={DAY}"})


def _lines(request: VisitorRequest) -> Iterator[Line]:
    site = request.clinic_site
    yield "", LANGUAGES, None
    yield "places/", LANGUAGES, None
    for place in site.places:
        if place.bookable:
            yield f"places/{place.slug}/", LANGUAGES, None
    if site.people:
        yield "people/", LANGUAGES, None
    if reading.has_protocol():
        yield "in-the-room/", LANGUAGES, None
    if site.articles or reading.has_answers():
        yield "articles/", LANGUAGES, None
    for text in site.texts:
        live = tuple(each.language for each in site.shelf if (each.kind, each.slug) == (text.kind, text.slug) and not each.lapsed)
        if live:
            path = "treatment/" if text.kind == "therapy" else f"articles/{text.slug}/"
            yield path, live, text.review.approved_on


def _line(request: VisitorRequest, path: str, languages: tuple[str, ...], changed: date | None) -> str:
    where = {code: request.build_absolute_uri(f"/clinic/{request.practice.slug}/{code}/{path}") for code in languages}
    others = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(url)}"/>' for code, url in where.items())
    seen = f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""
    return "".join(f"<url><loc>{escape(url)}</loc>{seen}{others}</url>\n" for url in where.values())
