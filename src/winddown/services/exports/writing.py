"""One export as one file: every table as Parquet and CSV, OMOP beside it, a dictionary, and digests."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from winddown.analytics import files, omop
from winddown.domain.refusals import Refusal, UnknownWord
from winddown.record.models import Patient, Practice
from winddown.record.scope import snapshot_of
from winddown.services.exports import research, whole
from winddown.services.exports.mask import FEWEST, OLDEST_YEARS, YEARS_TOGETHER, Mask

FORMS = ("full", "researchers")
READ_ME = """Export of {name}, made {at:%Y-%m-%d %H:%M} UTC, form: {form}.

All tables were read in one transaction: they show the record as it stood at one moment.

{tables}omop/       OMOP Common Data Model {version}: parquet/ and csv/. omop/concepts.csv says of each concept whether it was seen
            in tables that others publish, and of each column with 0 why none is given. omop/checks.csv says what was checked
            and what a reader should know. Notes are left out.
            A dose is what the pump's facts say was delivered; `sig` says how that is known and how far it is from the order.
            A form is one OBSERVATION with its score; each of its answers is an OBSERVATION whose observation_event_id is that form.
dictionary.csv   every column: its type, what it refers to, whether it identifies a person, what it means
manifest.json    the number of rows and the SHA-256 of every file

{privacy}
"""
FULL = "Everything here names people. It is a health record: keep it as one."
HIDDEN = f"""Persons, visits, doses, places and rows have numbers drawn for this file alone. Each person's times are moved back by one
span of their own, a day to a year, so that spans between two times of one person are true and no date is. Free text, names and record
numbers are left out; years of birth are told by {YEARS_TOGETHER}, and all of {OLDEST_YEARS} and over as one; diagnoses, places and
adverse events of fewer than {FEWEST} persons are withheld or made coarser. Rare courses can still point at a person: who may have this
file is for the practice to decide, and no rule of law is claimed to be met by it. The key to the numbers is not in this file and stays
with the practice."""


class NotWhole(Refusal):
    """The checker found a fault in what was written; the file is not offered."""


@dataclass(frozen=True)
class Step:
    """How far it has come: `done` of `of`, doing what."""

    done: int
    of: int
    doing: str


def export(
    practice: Practice, target: Path, *, form: str, now: datetime, say: Callable[[Step], None] = lambda step: None
) -> dict[str, Any]:
    """Write the file; what is in it. Called outside any practice: every table is read at one moment, in one transaction that cannot write.

    For researchers the key to the numbers is written beside it (`key_of`). refuses NotWhole when the checker finds a fault: then there is
    no file.
    """
    if form not in FORMS:
        raise UnknownWord("form of an export", form, FORMS)
    models = whole.tables() if form == "full" else []
    of, done = len(models) + len(omop.TABLES) + 1, 0

    def step(doing: str) -> None:
        nonlocal done
        done += 1
        say(Step(min(done, of), of, doing))

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as made, snapshot_of(practice.pk):
        folder, rows = Path(made), {}
        for model in models:
            step(model.__name__)
            rows[f"tables/{model.__name__}"] = files.write(folder / "tables", model.__name__, whole.schema(model), whole.batches(model))
        mask = Mask(form == "researchers", now)
        rows |= _research(folder, practice, mask, step)
        _dictionary(folder, form)
        _read_me(folder, practice, form, now)
        step("packing")
        told = _manifest(folder, practice, form, now, rows)
        _pack(folder, target)
        if mask.hides:
            mask.write_key(key_of(target), dict(Patient.objects.values_list("pk", "record_number")))
    return told


def key_of(target: Path) -> Path:
    """Where the key to a researchers' file lies: beside it, never in it."""
    return target.with_suffix(".key.csv")


def _research(folder: Path, practice: Practice, mask: Mask, step: Callable[[str], None]) -> dict[str, int]:
    found = research.tables(mask, practice, step)
    faults = omop.check(found)
    if faults:
        raise NotWhole(
            because=f"The OMOP tables have faults: {'; '.join(faults[:5])}.", way_out="Report this with the sentence.", code="omop"
        )
    rows = {}
    for name, table in found.items():
        batches = (list(zip(*batch.to_pydict().values(), strict=True)) for batch in table.to_batches(max_chunksize=20_000))
        rows[f"omop/{name}"] = files.write(folder / "omop", name, table.schema, batches)
    _concepts(folder / "omop" / "concepts.csv")
    _checks(folder / "omop" / "checks.csv", omop.doubts(found))
    return rows


def _concepts(path: Path) -> None:
    """Every concept that is named, and every column that may hold none, with the reason."""
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(["concept_id", "concept_name", "domain_id", "vocabulary_id", "confirmed", "why"])
        sheet.writerows(
            [each.id, each.name, each.domain, each.vocabulary, *(("seen", "") if each.seen else ("unverified", omop.UNCONFIRMED))]
            for each in omop.CONCEPTS.values()
        )
        sheet.writerows([0, where, "", "", "not mapped", why] for where, why in omop.NOT_MAPPED.items())


def _checks(path: Path, doubts: Sequence[str]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(["check", "found"])
        sheet.writerow(["columns, types, required, keys, references, lengths, concepts and their domains, order of dates", "no fault"])
        sheet.writerows([["plausible dates, visits, values and persons", each] for each in doubts or ["nothing to tell"]])


def _dictionary(folder: Path, form: str) -> None:
    with (folder / "dictionary.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(["table", "column", "type", "required", "refers_to", "identifies", "meaning"])
        if form == "full":
            sheet.writerows(whole.dictionary())
        for name, columns in omop.TABLES.items():
            for each in columns:
                refers = ".".join(each.refers) if each.refers else f"concept of {each.domain}" if each.domain else ""
                sheet.writerow(
                    [f"omop/{name}", each.name, each.kind, "yes" if each.required else "", refers, "", "as OMOP CDM 5.4 defines it"]
                )


def _read_me(folder: Path, practice: Practice, form: str, now: datetime) -> None:
    tables = "tables/     every table of the record: parquet/ and csv/\n" if form == "full" else ""
    name, privacy = (practice.name, FULL) if form == "full" else ("a practice", HIDDEN)
    words = READ_ME.format(name=name, at=now, form=form, tables=tables, version=omop.VERSION, privacy=privacy)
    (folder / "README.txt").write_text(words, encoding="utf-8")


def _manifest(folder: Path, practice: Practice, form: str, now: datetime, rows: Mapping[str, int]) -> dict[str, Any]:
    digests = {
        str(path.relative_to(folder)): hashlib.file_digest(path.open("rb"), "sha256").hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    told = {
        "practice": practice.slug if form == "full" else "",
        "form": form,
        "made_at": now.isoformat(),
        "rows": dict(rows),
        "sha256": digests,
    }
    (folder / "manifest.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    return told


def _pack(folder: Path, target: Path) -> None:
    """One zip, readable by its owner alone; it takes its name only when it is whole."""
    part = target.with_suffix(".part")
    with (
        os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    shutil.move(part, target)
