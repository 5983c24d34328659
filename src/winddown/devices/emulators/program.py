"""What an emulated pump is programmed with, as a JSON file that may change while the emulators run.

    {"started_at": "2026-03-01T14:00:00Z", "drug": "Ketamine", "concentration_mg_per_ml": "1", "volume_ml": "35",
     "weight_kg": "70", "sex": "female", "age_years": 45, "patient_id": "", "bed": "",
     "steps": [[0, "52.5"], [20, "0"], [22, "52.5"], [42, "0"]], "baseline": {"systolic": 138}}

`steps` are [minute, mL/h]. `started_at` null means that nothing runs yet. Everything but the weight has a default; an unknown key is
refused, because a mistyped one would be a silent default.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from winddown.domain.quantities import minutes_for_ml, ml_over, parse_decimal, span_of_minutes
from winddown.domain.refusals import Missing, OutOfRange, Refusal, UnknownWord
from winddown.domain.wire.hl7v2.pump import drug_key

BASELINES = ("systolic", "diastolic", "heart_rate", "respiratory_rate", "spo2", "etco2", "temperature")
_KEYS = (
    "started_at",
    "drug",
    "concentration_mg_per_ml",
    "volume_ml",
    "weight_kg",
    "sex",
    "age_years",
    "patient_id",
    "bed",
    "steps",
    "baseline",
)
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Step:
    """From this minute on, this rate."""

    minute: Decimal
    rate_ml_per_h: Decimal


@dataclass(frozen=True)
class Program:
    """One pump program and the person it runs into."""

    weight_kg: Decimal
    started_at: datetime | None = None
    drug: str = "Ketamine"
    concentration_mg_per_ml: Decimal = Decimal(1)
    volume_ml: Decimal | None = None
    sex: Literal["female", "male"] | None = None
    age_years: int | None = None
    patient_id: str = ""
    bed: str = ""
    steps: tuple[Step, ...] = ()
    baseline: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        minutes = [step.minute for step in self.steps]
        if minutes != sorted(set(minutes)) or any(step.minute < 0 or step.rate_ml_per_h < 0 for step in self.steps):
            raise OutOfRange(because="The steps must go forward in minutes, at rates of at least 0 mL/h.", code="steps", where="steps")
        for key in self.baseline:
            if key not in BASELINES:
                raise UnknownWord("baseline", key, BASELINES)

    @property
    def form(self) -> Literal["racemic", "esketamine"] | None:
        """What the body receives; None for a drug that is no ketamine, which this patient does not react to."""
        forms: dict[str, Literal["racemic", "esketamine"]] = {"ketamine": "racemic", "esketamine": "esketamine"}
        return forms.get(drug_key(self.drug))

    def moment_of(self, step: Step) -> datetime | None:
        """When a step begins."""
        return self.started_at + span_of_minutes(step.minute) if self.started_at else None

    def running(self) -> tuple[Step, ...]:
        """The steps as the pump carries them out: the same, with a stop where the bag is empty."""
        given, done = _ZERO, []
        for step, minutes in zip(self.steps, self._lengths(), strict=True):
            done.append(step)
            if self.volume_ml is None or step.rate_ml_per_h == 0:
                continue
            left = minutes_for_ml(self.volume_ml - given, step.rate_ml_per_h)
            if minutes is None or left < minutes:
                return (*done, Step(step.minute + left, _ZERO)) if left > 0 else (*done[:-1], Step(step.minute, _ZERO))
            given += ml_over(step.rate_ml_per_h, minutes)
        return tuple(done)

    def step_at(self, at: datetime) -> Step | None:
        """The step in force, None before the first."""
        if self.started_at is None:
            return None
        begun = [step for step in self.running() if self.started_at + span_of_minutes(step.minute) <= at]
        return begun[-1] if begun else None

    def infused_ml(self, at: datetime) -> Decimal:
        """What has left the pump by then."""
        if self.started_at is None or at <= self.started_at:
            return _ZERO
        total, steps = _ZERO, self.running()
        for number, step in enumerate(steps):
            begin = self.started_at + span_of_minutes(step.minute)
            end = self.started_at + span_of_minutes(steps[number + 1].minute) if number + 1 < len(steps) else at
            total += ml_over(step.rate_ml_per_h, _minutes(min(end, at) - begin)) if begin < at else _ZERO
        return total

    def _lengths(self) -> tuple[Decimal | None, ...]:
        """Minutes until the next step; None for the last one, which runs on."""
        known = tuple(later.minute - earlier.minute for earlier, later in itertools.pairwise(self.steps))
        return (*known, None) if self.steps else ()


class ProgramFile:
    """A program on disk, read again whenever the file changes. A file that cannot be read leaves the last good program in force."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = self._stamp_now()
        self.program = load(path)
        self.problem = ""

    def refreshed(self) -> bool:
        """Read the file if it changed; True when a new program is in force."""
        stamp = self._stamp_now()
        if stamp in (None, self._stamp):
            return False
        self._stamp = stamp
        try:
            self.program, self.problem = load(self._path), ""
        except Refusal as why:
            self.problem = str(why)
            return False
        return True

    def _stamp_now(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size


def load(path: Path) -> Program:
    """The program in a file.

    refuses  Missing for a file that is not there, OutOfRange and UnknownWord for what it says
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as why:
        raise Missing(because=f"The program {path} cannot be read ({why.strerror}).", code="program_missing", where="program") from why
    except ValueError as why:
        raise OutOfRange(because=f"The program {path} is not JSON ({why}).", code="program_not_json", where="program") from why
    return from_data(data)


def from_data(data: Any) -> Program:
    """A program from its JSON form. Refuses as `load`."""
    if not isinstance(data, dict) or "weight_kg" not in data:
        raise Missing(
            because="A pump program names at least the weight.", way_out='Write "weight_kg".', code="weight_missing", where="weight_kg"
        )
    for key in data:
        if key not in _KEYS:
            raise UnknownWord("program key", key, _KEYS)
    try:
        return _program(data)
    except (TypeError, ValueError, AttributeError) as why:
        raise OutOfRange(because=f"The program holds a value of the wrong shape ({why}).", code="program_shape", where="program") from why


def _program(data: dict[str, Any]) -> Program:
    sex, age = data.get("sex"), data.get("age_years")
    if sex not in (None, "female", "male"):
        raise UnknownWord("sex", sex, ("female", "male"))
    return Program(
        weight_kg=_decimal(data["weight_kg"], "weight_kg"),
        started_at=_moment(data.get("started_at")),
        drug=str(data.get("drug", "Ketamine")),
        concentration_mg_per_ml=_decimal(data.get("concentration_mg_per_ml", "1"), "concentration_mg_per_ml"),
        volume_ml=None if data.get("volume_ml") is None else _decimal(data["volume_ml"], "volume_ml"),
        sex=sex,
        age_years=None if age is None else int(age),
        patient_id=str(data.get("patient_id", "")),
        bed=str(data.get("bed", "")),
        steps=tuple(_step(step) for step in data.get("steps", ())),
        baseline={str(key): float(value) for key, value in data.get("baseline", {}).items()},
    )


def _step(step: Any) -> Step:
    if not isinstance(step, list) or len(step) != 2:
        raise OutOfRange(because=f"A step is [minute, mL/h], not {step!r}.", code="step_shape", where="steps")
    return Step(_decimal(step[0], "steps"), _decimal(step[1], "steps"))


def _decimal(value: Any, where: str) -> Decimal:
    return parse_decimal(str(value), where=where)


def _moment(text: Any) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise OutOfRange(because=f"{text!r} is not a time with its zone.", way_out="Write it like 2026-03-01T14:00:00Z.", code="started_at")
    return at.astimezone(UTC)


def _minutes(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / Decimal(timedelta(minutes=1) // timedelta(microseconds=1))
