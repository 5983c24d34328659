"""The one way by which a stranger's page reads the record: plain values of rows that are meant for everybody, never a row itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from winddown.domain.public_site.review import Review
from winddown.domain.sessions.blocks import Supervision
from winddown.domain.sessions.supervision import read_supervision
from winddown.record.models import (
    Location,
    Practice,
    ProtocolVersion,
    SiteNotice,
    SiteQuestion,
    SiteQuestionAct,
    SiteText,
    SiteTextAct,
)
from winddown.record.scope import at_practice
from winddown.services.site import around, texts


@dataclass(frozen=True)
class PublicPlace:
    """A location as the site shows it. hours: weekday "0" (Monday) to "6" -> [[opens, closes], ...] in the place's own time."""

    slug: str
    name: str
    address: str
    phone: str
    time_zone: str
    hours: Mapping[str, Any] = field(default_factory=dict)
    bookable: bool = True
    map_url: str = ""
    directions: Mapping[str, str] = field(default_factory=dict)

    @property
    def dial(self) -> str:
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class PublicText:
    """One approved version of a text in one language. languages: every language in which this text is approved."""

    kind: str
    slug: str
    language: str
    title: str
    summary: str
    body: str
    author: str
    reviewer: str
    written_at: datetime
    review: Review
    lapsed: bool
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicPerson:
    name: str
    letters: str
    position: str
    words: str


@dataclass(frozen=True)
class PublicAnswer:
    """A question in the library: no word of who asked, the name of who answered."""

    ref: UUID
    language: str
    question: str
    answer: str
    by: str
    at: datetime
    article: str = ""


@dataclass(frozen=True)
class Asked:
    """A question as its own writer sees it at the address that only they were given."""

    ref: UUID
    status: str
    held: tuple[str, ...]
    received_at: datetime
    answer: str = ""
    by: str = ""
    words: str = ""


@dataclass(frozen=True)
class Supervised:
    """How one kind of infusion is supervised, from the protocol in force."""

    indication: str
    signed_at: datetime
    rules: Supervision


def practice_of(slug: str) -> Practice | None:
    """The practice at this public address."""
    found: Practice | None = Practice.objects.filter(slug=slug).first()
    return found


def places() -> Sequence[PublicPlace]:
    """Every location, by name."""
    return [_place(row) for row in Location.objects.order_by("name")]


def shelf(*, on: date) -> Sequence[PublicText]:
    """Every approved text in every language; a withdrawn or never approved one is not in it."""
    acts = [act for act in texts.newest_acts() if act.kind == "approved"]
    languages: dict[int, tuple[str, ...]] = {}
    for act in acts:
        languages[act.text_id] = (*languages.get(act.text_id, ()), act.language)
    return [_text(act, languages[act.text_id], on) for act in acts]


def in_language(found: Sequence[PublicText], language: str) -> list[PublicText]:
    """Each text once: in this language where it is approved in it, else in the first one it has."""
    best: dict[tuple[str, str], PublicText] = {}
    for text in found:
        key = (text.kind, text.slug)
        if key not in best or text.language == language:
            best[key] = text
    return list(best.values())


def notices(language: str, *, now: datetime) -> list[str]:
    """What stands on top of every page today, today being that of the notice's place."""
    found = []
    for row in SiteNotice.objects.filter(withdrawn_at=None).select_related("location").order_by("id"):
        zone = ZoneInfo(row.location.time_zone) if row.location else None
        if row.starts_on <= timezone.localdate(now, zone) <= row.ends_on:
            found.append(row.words.get(language) or next(iter(row.words.values())))
    return found


def people(language: str) -> list[PublicPerson]:
    return [
        PublicPerson(row.staff.name, row.letters, _said(row.position, language), _said(row.words, language))
        for row in around.people_rows()
        if row.shown and row.staff.active
    ]


def library(*, article: str = "") -> list[PublicAnswer]:
    """Released questions with their answers, newest first; of one article, or all."""
    rows = SiteQuestionAct.objects.filter(kind="released", question__status="released").select_related("by", "question__text")
    if article:
        rows = rows.filter(question__text__kind="article", question__text__slug=article)
    newest = rows.order_by("question_id", "-id").distinct("question_id")
    found = [_answer(row) for row in newest]
    return sorted(found, key=lambda each: each.at, reverse=True)


def asked(ref: UUID) -> Asked | None:
    """One question, for whoever holds its address."""
    row: SiteQuestion | None = SiteQuestion.objects.filter(ref=ref).first()
    if row is None:
        return None
    last = row.acts.select_related("by").order_by("-id").first() if row.status == "declined" else None
    told = row.acts.filter(kind="answered").select_related("by").order_by("-id").first() if row.status in ("answered", "released") else None
    return Asked(
        ref=row.ref,
        status=row.status,
        held=tuple(row.held),
        received_at=row.received_at,
        answer=told.answer if told else "",
        by=told.by.name if told else "",
        words=last.words if last else "",
    )


def has_answers() -> bool:
    return bool(SiteQuestion.objects.filter(status="released").exists())


def has_protocol() -> bool:
    return bool(ProtocolVersion.objects.exists())


def the_only_practice() -> Practice | None:
    """Where a house with one practice leads a stranger: that practice, once its therapy page is approved."""
    rows = list(Practice.objects.all()[:2])
    if len(rows) != 1:
        return None
    with at_practice(rows[0].pk):
        return rows[0] if any(act.kind == "approved" for act in texts.newest_acts("therapy")) else None


def text_of(kind: str, slug: str) -> SiteText | None:
    """The row that a question is asked under, where a text of this address is public."""
    newest = [act for act in texts.newest_acts(kind) if act.text.slug == slug and act.kind == "approved"]
    return newest[0].text if newest else None


def supervised() -> list[Supervised]:
    """The newest version of each protocol, without its doses."""
    rows = ProtocolVersion.objects.order_by("key", "-version").distinct("key")
    return [Supervised(row.data.get("indication", ""), row.signed_at, read_supervision(row.data)) for row in rows]


def _place(row: Location) -> PublicPlace:
    return PublicPlace(
        slug=row.address_slug,
        name=row.name,
        address=row.address,
        phone=row.phone,
        time_zone=row.time_zone,
        hours=row.hours or {},
        bookable=row.bookable,
        map_url=row.map_url,
        directions=row.directions or {},
    )


def _text(act: SiteTextAct, languages: tuple[str, ...], on: date) -> PublicText:
    assert act.next_review_on is not None
    review = Review(timezone.localdate(act.at), act.next_review_on)
    version = act.version
    return PublicText(
        kind=act.text.kind,
        slug=act.text.slug,
        language=act.language,
        title=version.title,
        summary=version.summary,
        body=version.body,
        author=act.author.name,
        reviewer=act.by.name,
        written_at=version.written_at,
        review=review,
        lapsed=review.has_lapsed(on),
        languages=languages,
    )


def _answer(row: SiteQuestionAct) -> PublicAnswer:
    question = row.question
    article = question.text.slug if question.text and question.text.kind == "article" else ""
    return PublicAnswer(question.ref, question.language, row.shown_question, row.answer, row.by.name, row.at, article)


def _said(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")
