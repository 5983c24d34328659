"""From answers to a score: what was answered is read as it stands, then the instrument's own rule is applied. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from winddown.domain.instruments.instrument import TOTAL, Band, Instrument, Outcome
from winddown.domain.refusals import OutOfRange

Why = Literal["", "missing", "odd", "no_total", "not_summed"]


@dataclass(frozen=True)
class Scored:
    """One set of answers, judged.

    value      the score, or None with the reason in `why`: `missing` items, `odd` answers, `not_summed` when the instrument has no number
    lacking    items without an answer, and what else the rule asks for
    odd        answers that are none of the allowed ones; kept as they came, never scored
    words      what was written in the patient's own words
    """

    instrument: str
    version: str
    value: float | None
    band: Band | None
    why: Why = ""
    lacking: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    prorated: bool = False
    parts: Mapping[str, float] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def positive(self) -> tuple[str, ...]:
        """Items answered with anything above zero."""
        return tuple(key for key, value in self.values.items() if value > 0)


def score(instrument: Instrument, answers: Mapping[str, object]) -> Scored:
    """Judge one set of answers. Never refuses: an answer that is none is named in `odd`, and then there is no score.

    answers   by item key, as they arrived; or {"total": n} where a paper form was added up by hand
    """
    if set(answers) == {TOTAL} and instrument.takes_total:
        return _of_total(instrument, answers[TOTAL])
    values, words, odd = _read(instrument, answers)
    lacking = tuple(
        item.key
        for item in instrument.items
        if item.kind != "words" and not item.optional and item.is_asked(values) and item.key not in values
    )
    told: dict[str, Any] = {"lacking": lacking, "odd": odd, "values": values, "words": words}
    if odd:
        return Scored(instrument.key, instrument.version, None, None, "odd", **told)
    outcome = instrument.rule(values)
    told["lacking"] = lacking + tuple(key for key in outcome.lacking if key not in lacking)
    why: Why = "" if outcome.value is not None else "missing" if told["lacking"] else "not_summed"
    return Scored(
        instrument.key,
        instrument.version,
        outcome.value,
        instrument.band(outcome.value),
        why,
        prorated=outcome.prorated,
        parts=outcome.parts,
        findings=outcome.findings,
        **told,
    )


def _of_total(instrument: Instrument, raw: object) -> Scored:
    try:
        value = float(Decimal(str(raw)))
    except ArithmeticError:
        value = float("nan")
    if not instrument.low <= value <= instrument.high:
        return Scored(instrument.key, instrument.version, None, None, "odd", odd=(TOTAL,))
    return Scored(instrument.key, instrument.version, value, instrument.band(value), values={TOTAL: value})


def _read(instrument: Instrument, answers: Mapping[str, object]) -> tuple[dict[str, float], dict[str, str], tuple[str, ...]]:
    known = {item.key: item for item in instrument.items}
    values: dict[str, float] = {}
    words: dict[str, str] = {}
    odd: list[str] = []
    for key, raw in answers.items():
        if raw is None or raw == "":
            continue
        if key not in known:
            odd.append(key)
            continue
        try:
            read = known[key].read(raw)
        except OutOfRange:
            odd.append(key)
            continue
        if isinstance(read, str):
            words[key] = read
        else:
            values[key] = read
    return values, words, tuple(sorted(odd))


@dataclass(frozen=True)
class Sum:
    """The items added up. Up to `may_miss` missing ones are filled with the mean of the answered ones, as the published rule says."""

    keys: Sequence[str]
    may_miss: int = 0
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __call__(self, values: Mapping[str, float]) -> Outcome:
        have = [values[key] for key in self.keys if key in values]
        lacking = tuple(key for key in self.keys if key not in values)
        parts = {name: sum(values[key] for key in keys) for name, keys in self.parts.items() if all(key in values for key in keys)}
        if len(lacking) > self.may_miss or not have:
            return Outcome(None, lacking, parts=parts)
        total = whole(sum(have) * len(self.keys) / len(have)) if lacking else sum(have)
        return Outcome(total, lacking, prorated=bool(lacking), parts=parts)


@dataclass(frozen=True)
class Mean:
    """The mean of the items; none may be missing unless `may_miss` says so, then it is the mean of those answered."""

    keys: Sequence[str]
    may_miss: int = 0
    decimals: int = 1

    def __call__(self, values: Mapping[str, float]) -> Outcome:
        have = [values[key] for key in self.keys if key in values]
        lacking = tuple(key for key in self.keys if key not in values)
        if len(lacking) > self.may_miss or not have:
            return Outcome(None, lacking)
        return Outcome(rounded(sum(have) / len(have), self.decimals), lacking, prorated=bool(lacking))


@dataclass(frozen=True)
class One:
    """The answer to one item is the score."""

    key: str

    def __call__(self, values: Mapping[str, float]) -> Outcome:
        return Outcome(values[self.key]) if self.key in values else Outcome(None, (self.key,))


def whole(value: float) -> float:
    """Half up, as people round."""
    return rounded(value, 0)


def rounded(value: float, decimals: int) -> float:
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
