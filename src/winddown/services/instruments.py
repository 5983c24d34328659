"""The instruments as this practice has them: those that ship with words, and those whose licensed text it brought itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from winddown.domain.instruments import INSTRUMENTS, adaptive, instrument_of, licensed_text
from winddown.domain.instruments.adaptive import Bank
from winddown.domain.instruments.instrument import Instrument
from winddown.domain.instruments.licensed_text import LicensedText
from winddown.domain.refusals import UnknownWord
from winddown.record.models import InstrumentText, Staff
from winddown.services import audit, permissions
from winddown.services.parsed import Parsed


def form_of(key: str) -> Instrument:
    """The structure and scoring of an instrument, or of an adaptive bank the clinic brought. Refuses UnknownWord."""
    bank = bank_row(key)
    return instrument_of(key) if bank is None else _as_instrument(bank)


def everything() -> dict[str, Instrument]:
    """Every instrument of this practice: those of the house, then the banks it brought. One query."""
    rows = InstrumentText.objects.filter(instrument__startswith=adaptive.PREFIX).order_by("instrument", "-id").distinct("instrument")
    return INSTRUMENTS | {row.instrument: _as_instrument(row) for row in rows}


def bank_row(key: str) -> InstrumentText | None:
    """The newest file of an adaptive bank, None for anything else."""
    if not key.startswith(adaptive.PREFIX):
        return None
    row: InstrumentText | None = InstrumentText.objects.filter(instrument=key).order_by("-id").first()
    return row


def bank_of(key: str) -> Bank:
    """An adaptive bank that was brought. Refuses UnknownWord."""
    row = bank_row(key)
    if row is None:
        raise UnknownWord("adaptive bank", key, [each for each in everything() if each.startswith(adaptive.PREFIX)])
    return _bank(row)


def form_for(key: str, language: str) -> tuple[Instrument, str]:
    """The instrument with its words, shipped or brought, and the language to show them in."""
    form = form_of(key)
    if form.license.kind == "permission" and key in INSTRUMENTS:
        form = _with_texts(form)
    for wanted in (language, language.split("-")[0], "en", *form.languages):
        if wanted in form.languages:
            return form, wanted
    return form, language


def texts_of(key: str) -> dict[str, InstrumentText]:
    """The text that stands for each language."""
    version = instrument_of(key).version
    rows = InstrumentText.objects.filter(instrument=key, version=version).select_related("by").order_by("language", "-id")
    return {row.language: row for row in rows.distinct("language")}


def brought() -> dict[str, list[InstrumentText]]:
    """Every text that stands, by instrument. One query."""
    found: dict[str, list[InstrumentText]] = {}
    rows = InstrumentText.objects.select_related("by").order_by("instrument", "version", "language", "-id")
    for row in rows.distinct("instrument", "version", "language"):
        if row.instrument in INSTRUMENTS and row.version == INSTRUMENTS[row.instrument].version:
            found.setdefault(row.instrument, []).append(row)
    return found


def languages_offered() -> list[tuple[str, str]]:
    """The languages a form can be sent in: those of the pages, and those of texts that were brought."""
    known = dict(settings.LANGUAGES)
    others = sorted({row.language for rows in brought().values() for row in rows} - set(known))
    return [*settings.LANGUAGES, *((language, licensed_text.language_name(language)) for language in others)]


@transaction.atomic
def bring(file: bytes, *, license_words: str, by: Staff, now: datetime) -> InstrumentText:
    """Keep a licensed text the clinic has the right to use. Refuses what the file's reader refuses, and a missing license statement."""
    permissions.require(by, "instrument.import")
    text = licensed_text.read(file, license_words=license_words)
    kept = InstrumentText(
        instrument=text.instrument,
        version=text.version,
        language=text.language,
        content=text.as_data(),
        sha256=text.sha256,
        license_words=license_words.strip(),
        written_at=now,
        by=by,
    )
    kept.save()
    audit.note("import instrument text", by=by, now=now, subject=str(kept.ref), words=f"{text.instrument} {text.language}")
    return kept


@transaction.atomic
def bring_bank(file: bytes, *, license_words: str, by: Staff, now: datetime) -> InstrumentText:
    """Keep a calibrated adaptive bank the clinic has the right to use. A change of the bank is a new version of the file."""
    permissions.require(by, "instrument.import")
    licensed_text.stated(license_words)
    bank = adaptive.read(file)
    kept = InstrumentText(
        instrument=bank.key,
        version=bank.version,
        language=bank.language,
        content={"file": file.decode("utf-8")},
        sha256=bank.sha256,
        license_words=license_words.strip(),
        written_at=now,
        by=by,
    )
    kept.save()
    audit.note("import adaptive bank", by=by, now=now, subject=str(kept.ref), words=f"{bank.key} {bank.version}")
    return kept


def _bank_in(row: InstrumentText) -> Bank:
    return adaptive.read(row.content["file"].encode())


_bank: Parsed[InstrumentText, Bank] = Parsed(_bank_in)


def _as_instrument(row: InstrumentText) -> Instrument:
    return adaptive.as_instrument(_bank(row), license_words=row.license_words)


def _read(row: InstrumentText) -> LicensedText:
    return LicensedText.from_data(row.content, sha256=row.sha256)


_parsed: Parsed[InstrumentText, LicensedText] = Parsed(_read)


def _with_texts(form: Instrument) -> Instrument:
    rows: list[Any] = list(texts_of(form.key).values())
    return licensed_text.applied(form, [_parsed(row) for row in rows]) if rows else form
