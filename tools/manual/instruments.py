"""The page of instruments: license, items, bands, what counts as a change, and the answers with their scores that are the tests."""

from __future__ import annotations

from pathlib import Path

from manual.shape import STATUS_WORDS, amount, page, table
from winddown.domain.figures import Figure
from winddown.domain.instruments import INSTRUMENTS
from winddown.domain.instruments.instrument import Instrument, Item, said

SPECS = Path(__file__).resolve().parents[2] / "tests" / "specs" / "instruments"
HOW_TO_READ = f"""Every score is the version's own rule over the answers as they came: nothing is guessed, an answer that is none is kept
and named, a missing item means no score unless the published rule fills it in. Words that belong to somebody are not shipped: the clinic
brings its own licensed text as a file (the page of the instrument has an empty one), and until then numbers can be entered from paper.

{STATUS_WORDS}
"""
NAMES = {
    "important": "important change",
    "important_percent": "important change",
    "substantial": "substantial change",
    "substantial_percent": "substantial change",
    "reliable": "change beyond the instrument's error",
    "response_percent": "response, fall from the baseline",
    "remission_below": "remission below",
    "remission_at_most": "remission at most",
    "percent_from": "percent change judged from a baseline of",
}


def instruments_page() -> str:
    return page(
        "Instruments", "`winddown.domain.instruments` and `tests/specs/instruments`", HOW_TO_READ, *map(_instrument, INSTRUMENTS.values())
    )


def _instrument(form: Instrument) -> str:
    facts = [
        ("Version", f"`{form.id}`"),
        ("License", f"{form.license.kind}: {form.license.words}"),
        ("Answered by", form.rater),
        ("Looks back over", said(form.recall, "en")),
        ("Range", f"{form.low:g} to {form.high:g}" + (f", {form.worse} is worse" if form.worse != "neither" else "")),
        ("Asked again after", amount(form.minimum_interval_days)),
        (
            "Texts",
            "; ".join(f"{one.language}: {one.status}{f', {one.words}' if one.words else ''}" for one in form.translations)
            or "none shipped",
        ),
        *([("LOINC", " ".join(filter(None, (form.loinc_panel, form.loinc_score))))] if form.loinc_panel or form.loinc_score else []),
        *(("Note", note) for note in form.notes),
    ]
    parts = [f"## {said(form.name, 'en')}\n", table(("", ""), facts), _figures(form), _items(form), _spec(form.key)]
    return "\n".join(part for part in parts if part)


def _figures(form: Instrument) -> str:
    rows: list[tuple[str, Figure]] = [(f"{said(band.words, 'en')}, from", band.start) for band in form.bands]
    rows += [(name, figure) for field, name in NAMES.items() if (figure := getattr(form.change, field)) is not None]
    rows += [("screens positive from", form.positive_from)] if form.positive_from else []
    told = [(name, amount(figure), figure.source, figure.status) for name, figure in rows]
    return table(("Figure", "Value", "Source", "Status"), told) if told else ""


def _items(form: Instrument) -> str:
    if not form.has_text:
        return f"{len(form.items)} items: {', '.join(f'`{item.key}`' for item in form.items)}.\n"
    return table(("Item", "Words", "Answers"), [(f"`{item.key}`", said(item.words, "en"), _answers(item)) for item in form.items])


def _answers(item: Item) -> str:
    if item.choices:
        return ", ".join(f"{choice.value} {said(choice.words, 'en')}" for choice in item.choices)
    return "own words" if item.kind == "words" else f"{item.low:g} to {item.high:g} {item.unit}".strip()


def _spec(key: str) -> str:
    """The page of answers and scores, without its heading."""
    text = (SPECS / f"{key}.md").read_text(encoding="utf-8").split("\n", 1)[1].strip()
    return f"{text}\n"
