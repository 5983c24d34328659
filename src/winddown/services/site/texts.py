"""Texts of the public site: written by editors as versions, approved by a clinician who is not the author, taken off again."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from winddown.domain.public_site import review
from winddown.domain.public_site.citations import cited
from winddown.domain.public_site.packaged import Words, therapy
from winddown.domain.refusals import Missing, NotAllowed, Refusal, UnknownWord
from winddown.domain.words import uncut
from winddown.record.models import SiteText, SiteTextAct, SiteTextVersion, Staff
from winddown.record.scope import current_practice_id
from winddown.services import audit, permissions

KINDS = ("therapy", "article")
LANGUAGES = ("en", "es")
THERAPY = "treatment"
_LOCK = 7_410_021


@transaction.atomic
def open_article(title: str, *, slug: str = "", by: Staff, now: datetime) -> SiteText:
    """An article at an address of its own, with nothing in it yet. The address stays when the title changes."""
    permissions.require(by, "site.write")
    address = slugify(slug or title)[:80]
    if not address:
        raise Missing(
            because="The article has no address.", way_out="Give it a title in plain letters.", code="title_missing", where="title"
        )
    if SiteText.objects.filter(kind="article", slug=address).exists():
        raise Refusal(
            because=f"There is an article at {address!r} already.", way_out="Choose another title.", code="address_taken", where="title"
        )
    return _open("article", address, by=by, now=now)


@transaction.atomic
def therapy_page(*, by: Staff, now: datetime) -> SiteText:
    """The therapy page, opened with the shipped template as its first version where the practice has none yet."""
    permissions.require(by, "site.write")
    known: SiteText | None = SiteText.objects.filter(kind="therapy").first()
    if known is not None:
        return known
    text = _open("therapy", THERAPY, by=by, now=now)
    for language, words in therapy().items():
        write(text, language, words, because="The shipped template, to be read and changed.", by=by, now=now)
    return text


def _open(kind: str, slug: str, *, by: Staff, now: datetime) -> SiteText:
    text = SiteText(kind=kind, slug=slug, opened_at=now, by=by)
    text.save()
    audit.note("open site text", by=by, now=now, subject=str(text.ref))
    return text


@transaction.atomic
def write(text: SiteText, language: str, words: Words, *, because: str, by: Staff, now: datetime) -> SiteTextVersion:
    """A new version. Nothing changes on the site until a clinician approves it. The same words again are the version there is.

    refuses  Missing for an empty title, summary, body or reason, UnknownWord for a language or a source that is not known
    """
    permissions.require(by, "site.write")
    if language not in LANGUAGES:
        raise UnknownWord("language", language, LANGUAGES)
    _complete(words, because)
    cited(words.body + words.summary)
    _lock(text)
    newest = newest_version(text, language)
    digest = hashlib.sha256("\x00".join((words.title, words.summary, words.body)).encode()).hexdigest()
    if newest is not None and newest.sha256 == digest:
        return newest
    version = SiteTextVersion(
        text=text,
        language=language,
        number=newest.number + 1 if newest else 1,
        title=uncut(words.title, 160, where="title"),
        summary=uncut(words.summary, 400, where="summary"),
        body=words.body.strip(),
        sha256=digest,
        because=uncut(because, 300, where="because"),
        written_at=now,
        author=by,
    )
    version.save()
    audit.note("write site text", by=by, now=now, subject=str(version.ref))
    return version


def _complete(words: Words, because: str) -> None:
    for name, told in (("title", words.title), ("summary", words.summary), ("body", words.body), ("because", because)):
        if not told.strip():
            raise Missing(because="This cannot be empty.", way_out="Write it, then send again.", code=f"{name}_missing", where=name)


@transaction.atomic
def approve(version: SiteTextVersion, *, next_review_on: date, by: Staff, now: datetime, words: str = "") -> SiteTextAct:
    """This version is what the site shows from now on, until the day of its next review. Approving it again renews it.

    refuses  NotAllowed for its own author, Missing when a newer version was written since, OutOfRange for the day
    """
    permissions.require(by, "site.approve")
    review.until(timezone.localdate(now), next_review_on)
    if version.author_id == by.pk:
        raise NotAllowed(
            because="You wrote this version; somebody else has to approve it.", way_out="Ask another clinician.", code="own_text"
        )
    _lock(version.text)
    newest = newest_version(version.text, version.language)
    if newest is not None and newest.pk != version.pk:
        raise Refusal(because=f"Version {newest.number} was written since.", way_out="Read that one.", code="newer_version")
    return _act(version, "approved", next_review_on=next_review_on, words=words, by=by, now=now)


@transaction.atomic
def withdraw(version: SiteTextVersion, *, words: str, by: Staff, now: datetime) -> SiteTextAct:
    """Take the text off the site in this language, at once, with the reason."""
    permissions.require(by, "site.write")
    if not words.strip():
        raise Missing(because="Taking a text off needs a reason.", way_out="Say why.", code="words_missing", where="words")
    _lock(version.text)
    return _act(version, "withdrawn", next_review_on=None, words=words, by=by, now=now)


def newest_version(text: SiteText, language: str) -> SiteTextVersion | None:
    found: SiteTextVersion | None = SiteTextVersion.objects.filter(text=text, language=language).order_by("-number").first()
    return found


def newest_acts(kind: str = "", *, text: SiteText | None = None) -> list[SiteTextAct]:
    """The act that stands for each text and language, approved or withdrawn."""
    rows = SiteTextAct.objects.select_related("version", "text", "by", "author").order_by("text_id", "language", "-id")
    if kind:
        rows = rows.filter(text__kind=kind)
    if text is not None:
        rows = rows.filter(text=text)
    return list(rows.distinct("text_id", "language"))


def _act(version: SiteTextVersion, kind: str, *, next_review_on: date | None, words: str, by: Staff, now: datetime) -> SiteTextAct:
    act = SiteTextAct(
        version=version,
        text=version.text,
        language=version.language,
        author=version.author,
        kind=kind,
        at=now,
        by=by,
        next_review_on=next_review_on,
        words=uncut(words, 300),
    )
    act.save()
    audit.note(f"{kind} site text", by=by, now=now, subject=str(version.ref))
    return act


def _lock(text: SiteText) -> None:
    """One writer of a text at a time: numbers stay in order, and nobody approves past a version being written."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, f"{current_practice_id()}:{text.pk}"])
