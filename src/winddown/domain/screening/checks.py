"""Checks that expire: what was done, until when it counts, and what the start gate says when it does not.

The calendar and the count of infusions decide. Exposure may only bring a check forward, never put it off (clinical rules, section 0
item 13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from winddown.domain.days import in_words
from winddown.domain.figures import Figure
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord
from winddown.domain.screening.check_kinds import CHECKS, LIVER, CheckKind, Part
from winddown.domain.screening.facts import Facts
from winddown.domain.screening.rule import Limits
from winddown.domain.sessions.gate_line import GateLine, done, missing, review, stop

State = Literal["valid", "due", "missing", "bad", "not_needed"]


@dataclass(frozen=True)
class Done:
    """A check that was done: its result, the day, who wrote it, and what was infused since."""

    kind: str
    result: Mapping[str, Any]
    on: date
    by: str = ""
    infusions_since: int = 0
    exposure_since_mg: float = 0.0


@dataclass(frozen=True)
class Standing:
    """How a check stands on a day.

    until   the last day it counts by the calendar, None where it was never done
    why     why this patient needs it
    """

    kind: CheckKind
    state: State
    sentence: str
    why: str = ""
    until: date | None = None
    last: Done | None = None

    @property
    def open(self) -> bool:
        return self.state in ("due", "missing", "bad")


def highest_liver(result: Mapping[str, Any]) -> float | None:
    """The highest of the liver tests, as multiples of their upper limit."""
    found = [float(result[part]) for part in LIVER if result.get(part) not in (None, "")]
    return max(found, default=None)


OF_THE_DAY: tuple[str, ...] = ("pregnancy_test", "use_since_last", "glucose")


def read_result(kind: CheckKind, entered: Mapping[str, str]) -> dict[str, Any]:
    """A result as it is kept. A word that is not on the list and a number that cannot be true are refused, with the bounds."""
    result: dict[str, Any] = {}
    for part in kind.parts:
        text = str(entered.get(part.key, "")).strip()
        if not text:
            if part.required:
                raise Missing(because=f"{part.words} is empty.", way_out="Enter the result.", code="result_missing", where=part.key)
            continue
        result[part.key] = _word_of(part, text) if part.choices else _number_of(part, text)
    if not result:
        raise Missing(
            because=f"{kind.words}: nothing was entered.",
            way_out="Enter at least one value.",
            code="result_missing",
            where=kind.parts[0].key,
        )
    return result


def _word_of(part: Part, text: str) -> str:
    if text not in part.choices:
        raise UnknownWord("result", text, part.choices)
    return text


def _number_of(part: Part, text: str) -> float:
    wrong = OutOfRange(
        because=f"{part.words} {text!r} cannot be: {part.low:g} to {part.high:g} {part.unit}.",
        way_out="Check the number and its unit.",
        code="result_range",
        where=part.key,
    )
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise wrong from None
    if not part.low <= value <= part.high:
        raise wrong
    return value


def result_words(kind: CheckKind, result: Mapping[str, Any]) -> str:
    """A result in words: "ALT 1.2 x ULN, AST 0.8 x ULN"."""
    told = []
    for part in kind.parts:
        if part.key in result:
            value = result[part.key]
            words = str(value) if part.choices else f"{float(value):g} {part.unit}"
            told.append(words if len(kind.parts) == 1 else f"{part.words} {words}")
    return ", ".join(told)


def limits_of(kind: CheckKind, limits: Limits) -> dict[str, Figure]:
    return {**kind.limits, **limits.get(f"check.{kind.key}", {})}


def standing(kind: CheckKind, facts: Facts, last: Done | None, limits: Limits, *, since: date | None = None) -> Standing:
    """How this check stands today.

    since  the day a new series begins to count from: a liver test older than it is due again
    """
    why = kind.needed(facts)
    if not why and last is None:
        return Standing(kind, "not_needed", "Not asked for by what is on file.")
    if last is None:
        return Standing(kind, "missing", f"{kind.words}: none on file ({why}).", why)
    until = last.on + timedelta(days=int(limits_of(kind, limits)["valid_days"].value))
    told = f"{kind.words}: {result_words(kind, last.result)}, {in_words(last.on)}"
    wrong = kind.bad(last.result)
    if wrong:
        return Standing(kind, "bad", f"{told}.", why, until, last)
    if not why:
        return Standing(kind, "not_needed", f"{told}.", "", until, last)
    over = _over(kind, last, limits_of(kind, limits), until, facts.today, since)
    if over:
        return Standing(kind, "due", f"{told}; {over}.", why, until, last)
    return Standing(kind, "valid", f"{told}, counts until {in_words(until)}.", why, until, last)


def _over(kind: CheckKind, last: Done, limits: Mapping[str, Figure], until: date, today: date, since: date | None) -> str:
    """Why a result no longer counts; empty while it does."""
    if until < today:
        return (
            f"expired on {in_words(until)}, today is {in_words(today)}"
            if limits["valid_days"].value
            else f"not of today, {in_words(today)}"
        )
    count = limits.get("infusions")
    if count is not None and last.infusions_since >= count.value:
        return f"due after {count.value:g} infusions, {last.infusions_since} since"
    exposure = limits.get("exposure_mg")
    if exposure is not None and last.exposure_since_mg >= exposure.value:
        return f"due after {exposure.value:g} mg, {last.exposure_since_mg:g} mg since"
    if kind.key == "liver_tests" and since is not None and last.on < since:
        return f"older than the start of this series, {in_words(since)}"
    return ""


def standings(facts: Facts, done_checks: Iterable[Done], limits: Limits, *, since: date | None = None) -> list[Standing]:
    """Every check, in the order of the table."""
    newest: dict[str, Done] = {}
    for each in sorted(done_checks, key=lambda each: each.on):
        newest[each.kind] = each
    return [standing(kind, facts, newest.get(kind.key), limits, since=since) for kind in CHECKS.values()]


def gate_lines(found: Sequence[Standing]) -> list[GateLine]:
    """The lines of the start gate: each check this patient needs, with its date."""
    return [_gate_line(each) for each in found if each.state != "not_needed"]


def _gate_line(each: Standing) -> GateLine:
    key = f"check_{each.kind.key}"
    if each.state == "valid":
        return done(key, each.sentence)
    if each.state == "bad" and each.kind.stops:
        return stop(key, each.sentence, "Do not start. Tell the prescriber, and the patient in private.")
    if each.state == "bad":
        return review(key, each.sentence, "A prescriber looks at the result and accepts it with a reason, or stops here.")
    return missing(key, each.sentence, f"Record {each.kind.words.lower()}.{' ' + each.kind.note if each.kind.note else ''}")


def due_on(each: Standing) -> date | None:
    """When this check must be done again: today when it is open, else the last day it counts."""
    return None if each.state == "not_needed" else each.until
