"""Consent: texts that a director signs, sittings step by step, the signature with its paper, withdrawal. Nothing of it is ever changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from winddown.domain.consent.packaged import ABOUT, LANGUAGES, packaged
from winddown.domain.consent.rates import table
from winddown.domain.consent.reading import KINDS, Reading, Step, fold
from winddown.domain.consent.signature import drawing
from winddown.domain.consent.text import STATEMENTS, ConsentText, TextUnclear, alike, parse
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord
from winddown.domain.tasks.kinds import SAME_DAY
from winddown.domain.words import uncut
from winddown.record.models import Consent, ConsentPaper, ConsentSitting, ConsentStep, ConsentTextVersion, Link, Patient, Staff
from winddown.record.queries.infusions import unwanted_effects
from winddown.services import audit, permissions, suicide_safety, tasks
from winddown.services.announcements import News, announce

VALID_DAYS = {"treatment": 180, "caregiver": 365}
LONGEST_VALID_DAYS = 730
Press = Callable[["Signing"], bytes]


class Signing:
    """What the press is given to print: the sitting, the text, what was done, the signature and the dates."""

    def __init__(
        self, sitting: ConsentSitting, reading: Reading, *, typed_name: str, signature: str, consent: Consent, at: datetime
    ) -> None:
        self.sitting, self.reading, self.text = sitting, reading, text_of(sitting.text)
        self.typed_name, self.signature, self.consent, self.at = typed_name, signature, consent, at


@transaction.atomic
def publish(
    about: str, sources: Mapping[str, str], *, valid_days: int, renew: bool, because: str, by: Staff, now: datetime
) -> list[ConsentTextVersion]:
    """A new version in every language, signed by the director. Refuses a text that is unclear, and languages that do not say the same.

    sources   plain lines by language, as `domain.consent.text` reads them
    renew     everybody who signed an older version is asked to sign anew before the next start
    """
    permissions.require(by, "consent.sign_text")
    if about not in ABOUT:
        raise UnknownWord("kind of consent", about, ABOUT)
    if not because.strip():
        raise Missing(
            because="A new version needs its reason.", way_out="Say what changes and why.", code="reason_missing", where="because"
        )
    if not 1 <= valid_days <= LONGEST_VALID_DAYS:
        raise OutOfRange(
            because=f"{valid_days} days cannot be.", way_out=f"Between 1 and {LONGEST_VALID_DAYS}.", code="valid_days", where="valid_days"
        )
    texts = {language: parse(source, where=language) for language, source in sources.items()}
    first = next(iter(texts.values()))
    for language, text in texts.items():
        if not alike(first, text):
            raise TextUnclear(
                because="The languages differ in their paragraphs, questions or right answers.",
                way_out="Bring them in line; nothing was changed.",
                code="consent_text",
                where=language,
            )
    newest = ConsentTextVersion.objects.filter(about=about).order_by("-version").first()
    version = newest.version + 1 if newest else 1
    rows = [
        ConsentTextVersion(
            about=about,
            version=version,
            language=language,
            content=text.as_data(),
            sha256=text.sha256,
            valid_days=valid_days,
            renew=renew and newest is not None,
            because=because.strip(),
            signed_at=now,
            by=by,
        )
        for language, text in texts.items()
    ]
    for row in rows:
        row.save()
    audit.note("sign consent text", by=by, now=now, subject=f"{about} {version}")
    return rows


def adopt_packaged(about: str, *, by: Staff, now: datetime) -> list[ConsentTextVersion]:
    """The shipped template as version 1, once the director has read it and signs it as the clinic's own. Adopted already stays as it is."""
    standing = list(ConsentTextVersion.objects.filter(about=about))
    if standing:
        return standing
    because = "The shipped template, read and adopted by the clinic."
    return publish(about, packaged(about), valid_days=VALID_DAYS[about], renew=False, because=because, by=by, now=now)


def text_in_force(about: str, language: str) -> ConsentTextVersion | None:
    """The newest version in this language, or in English where the version does not have it; None before a director signed one."""
    rows = list(ConsentTextVersion.objects.filter(about=about).order_by("-version"))
    newest = [row for row in rows if row.version == rows[0].version]
    by_language = {row.language: row for row in newest}
    return by_language.get(language.split("-")[0]) or by_language.get(LANGUAGES[0]) or next(iter(newest), None)


def text_of(row: ConsentTextVersion) -> ConsentText:
    return ConsentText.from_data(row.content)


def renewed_on(consent: Consent) -> datetime | None:
    """When the director asked for a new signature after this one; None when nobody did."""
    rows = ConsentTextVersion.objects.filter(about=consent.about, renew=True, signed_at__gt=consent.written_at)
    newest: datetime | None = rows.order_by("-version").values_list("signed_at", flat=True).first()
    return newest


def figures_today() -> list[dict[str, Any]]:
    """The table of risks with this clinic's own counts as of now."""
    counts, infusions = unwanted_effects()
    return [line.as_data() for line in table(counts, infusions)]


@transaction.atomic
def open_sitting(link: Link, patient: Patient, *, language: str, now: datetime) -> ConsentSitting:
    """The sitting of this link with the text in force, opened once for each version and language; the figures are those of this moment."""
    about = link.subject or "treatment"
    text = text_in_force(about, language)
    if text is None:
        raise Missing(
            because="The clinic has not approved a consent text yet.", way_out="Please call the clinic.", code="consent_text_missing"
        )
    known: ConsentSitting | None = ConsentSitting.objects.filter(link=link, text=text).select_related("text", "patient", "link").first()
    if known is not None:
        return known
    figures = figures_today() if any(paragraph.has_figures for paragraph in text_of(text).paragraphs) else []
    sitting = ConsentSitting(patient=patient, text=text, figures=figures, opened_at=now, link=link)
    sitting.save()
    audit.note("read consent text", by=None, now=now, patient=patient, subject=str(sitting.ref))
    return sitting


def reading_of(sitting: ConsentSitting) -> Reading:
    rows = ConsentStep.objects.filter(sitting=sitting).order_by("id")
    return fold(text_of(sitting.text), [Step(row.kind, row.at, row.data) for row in rows])


@transaction.atomic
def step(sitting: ConsentSitting, kind: str, data: Mapping[str, Any], *, now: datetime, key: UUID | None = None) -> Reading:
    """One more step. Sent twice it is one; after the signature only what was asked is still taken."""
    if kind not in KINDS[:-1]:
        raise UnknownWord("step of a consent", kind, KINDS[:-1])
    if not (key and ConsentStep.objects.filter(ref=key).exists()):
        ConsentStep(ref=key or uuid4(), sitting=sitting, kind=kind, data=_checked(sitting, kind, data), at=now).save()
        if kind == "asked":
            _asked(sitting, str(data.get("words", "")), now)
    return reading_of(sitting)


def _checked(sitting: ConsentSitting, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    text = text_of(sitting.text)
    if kind == "answered":
        place, choice = int(data["question"]), int(data["choice"])
        if not (0 <= place < len(text.questions) and 0 <= choice < len(text.questions[place].choices)):
            raise OutOfRange(because="No such answer.", way_out="Choose one of those shown.", code="consent_answer")
        return {"question": place, "choice": choice}
    if kind == "acknowledged":
        if data["statement"] not in STATEMENTS:
            raise UnknownWord("statement", data["statement"], STATEMENTS)
        return {"statement": data["statement"]}
    if kind == "read":
        return {"seconds": max(0, min(int(data["seconds"]), 3600))}
    return {"words": uncut(str(data.get("words", "")), 1000)}


def _asked(sitting: ConsentSitting, words: str, now: datetime) -> None:
    """Somebody calls before the signature; red words in the question are looked for like in any text."""
    location = suicide_safety.place_of(sitting.patient)
    tasks.open_task(
        kind="consent_question",
        urgency="soon",
        words="A question waits on the consent page of the patient.",
        location=location,
        patient=sitting.patient,
        subject=f"consent:{sitting.ref}",
        due_at=now + SAME_DAY,
        now=now,
    )
    suicide_safety.read_text(words, patient=sitting.patient, location=location, subject="", now=now)


@transaction.atomic
def sign(sitting: ConsentSitting, *, typed_name: str, strokes: str, confirmed: bool, press: Press, now: datetime) -> ConsentPaper:
    """The signature, once everything before it is done: a consent with its dates and the paper as it was signed. Signed already stays.

    strokes     the drawn signature, or empty for the typed name with the confirmation instead
    press       prints the paper; its bytes and their hash are kept
    """
    known: ConsentPaper | None = ConsentPaper.objects.filter(sitting=sitting).select_related("consent").first()
    if known is not None:
        return known
    reading = reading_of(sitting)
    if reading.missing:
        raise Missing(
            because="Something before the signature is not done yet.",
            way_out="Answer the three questions and acknowledge both statements first.",
            code="consent_unfinished",
            where=reading.missing[0],
        )
    name = typed_name.strip()
    if not name:
        raise Missing(because="The name is missing.", way_out="Type your full name.", code="name_missing", where="typed_name")
    if not strokes and not confirmed:
        raise Missing(
            because="There is no signature.",
            way_out="Draw it, or tick that the typed name is your signature.",
            code="signature_missing",
            where="confirmed",
        )
    signature = drawing(strokes) if strokes else ""
    return _write(sitting, reading, name, signature, press, now)


def _write(sitting: ConsentSitting, reading: Reading, name: str, signature: str, press: Press, now: datetime) -> ConsentPaper:
    today = timezone.localdate(now)
    consent = Consent(
        patient=sitting.patient,
        about=sitting.text.about,
        kind="signed",
        signed_on=today,
        expires_on=today + timedelta(days=sitting.text.valid_days),
        words=f"{ABOUT[sitting.text.about]}, version {sitting.text.version}, {sitting.text.language}",
        written_at=now,
        by=None,
    )
    consent.save()
    ConsentStep(sitting=sitting, kind="signed", data={"drawn": bool(signature)}, at=now).save()
    pdf = press(Signing(sitting, reading, typed_name=name, signature=signature, consent=consent, at=now))
    paper = ConsentPaper(
        consent=consent,
        sitting=sitting,
        typed_name=uncut(name, 200, where="typed_name"),
        signature=signature,
        reading_seconds=reading.seconds,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        signed_at=now,
    )
    paper.save()
    audit.note("sign consent", by=None, now=now, patient=sitting.patient, subject=str(consent.ref))
    announce(News("event", now, body={"consent": str(consent.ref)}))
    return paper


@transaction.atomic
def withdraw(sitting: ConsentSitting, *, words: str, now: datetime) -> Consent:
    """The patient takes it back on the same page. It holds from this moment; a start is stopped."""
    consent = Consent(
        patient=sitting.patient,
        about=sitting.text.about,
        kind="withdrawn",
        signed_on=timezone.localdate(now),
        words=uncut(words, 300),
        written_at=now,
    )
    consent.save()
    audit.note("withdraw consent", by=None, now=now, patient=sitting.patient, subject=str(consent.ref))
    if sitting.text.about == "treatment":
        tasks.open_task(
            kind="call_patient",
            urgency="same_day",
            words="The patient withdrew the consent to treatment.",
            location=suicide_safety.place_of(sitting.patient),
            patient=sitting.patient,
            subject=f"withdrawn:{sitting.patient.ref}",
            due_at=now + SAME_DAY,
            now=now,
        )
    announce(News("event", now, body={"consent": str(consent.ref)}))
    return consent


def caregiver_allowed(patient: Patient, *, today: Any) -> bool:
    """Whether the patient's permission for a caregiver is on file and in force."""
    newest = Consent.objects.filter(patient=patient, about="caregiver").order_by("written_at", "id").last()
    return newest is not None and newest.kind == "signed" and (newest.expires_on is None or newest.expires_on >= today)
