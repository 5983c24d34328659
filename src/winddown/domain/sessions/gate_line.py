"""One line of a gate, at the start or at the end: what is recorded, what is missing, what a prescriber must look at, what stops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

State = Literal["done", "missing", "review", "stop"]


@dataclass(frozen=True)
class GateLine:
    """One line.

    sentence    the number and the limit, in words
    do          what the nurse does now; empty when done
    acceptable  a named prescriber may accept this review with a reason
    bedside     only at the chair
    accepted    who accepted it and why, when somebody did
    """

    key: str
    state: State
    sentence: str
    do: str = ""
    acceptable: bool = False
    bedside: bool = False
    accepted: str = ""


@dataclass(frozen=True)
class Acceptance:
    """A prescriber's acceptance of one review line."""

    line: str
    by: str
    because: str
    at: datetime
    bedside: bool = False


def done(key: str, sentence: str) -> GateLine:
    return GateLine(key, "done", sentence)


def missing(key: str, sentence: str, do: str) -> GateLine:
    return GateLine(key, "missing", sentence, do)


def stop(key: str, sentence: str, do: str) -> GateLine:
    return GateLine(key, "stop", sentence, do)


def review(key: str, sentence: str, do: str, *, acceptable: bool = True, bedside: bool = False) -> GateLine:
    return GateLine(key, "review", sentence, do, acceptable, bedside)


def accept(lines: Iterable[GateLine], acceptances: Iterable[Acceptance], *, since: Mapping[str, datetime] | None = None) -> list[GateLine]:
    """The lines with acceptances laid on. One needs a name and a reason, must be given at the bedside where the line says so, and must be
    younger than the fact it accepts.

    since  when the fact behind a line was recorded: a new pressure asks for a new acceptance
    """
    given: dict[str, list[Acceptance]] = {}
    for each in acceptances:
        given.setdefault(each.line, []).append(each)
    return [_accepted(line, given.get(line.key, []), (since or {}).get(line.key)) for line in lines]


def all_done(lines: Iterable[GateLine]) -> bool:
    """Every criterion is recorded. It does not say that the patient is well: a nurse decides."""
    return all(line.state == "done" for line in lines)


def _accepted(line: GateLine, given: list[Acceptance], since: datetime | None) -> GateLine:
    if line.state != "review" or not line.acceptable:
        return line
    for each in given:
        if each.by.strip() and each.because.strip() and (each.bedside or not line.bedside) and (since is None or each.at >= since):
            where = " at the bedside" if each.bedside else ""
            return replace(line, state="done", do="", accepted=f"accepted{where} by {each.by}: {each.because}")
    return line
