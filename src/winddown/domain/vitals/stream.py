"""The stream of readings at one session: each gets a label and a reason, none is dropped.

A label may hold a reading back from the alarms, so every rule here is narrow: a jump is doubted for one reading only, a second one
like it is believed; a zero from a probe is an artefact, and the silence that follows is an alarm of its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from winddown.domain.figures import Figure
from winddown.domain.vitals.kinds import KINDS, Kind
from winddown.domain.vitals.reading import USABLE, Label, Reading

Identity = tuple[str, str, datetime, float | None]

# A zero of these kinds comes from a sensor that found no pulse: probe off, lead off, line not connected, or a patient without one.
ZERO_MEANS_NO_SIGNAL = frozenset(
    {
        "spo2",
        "pulse_rate",
        "heart_rate",
        "systolic",
        "diastolic",
        "mean_pressure",
        "arterial_systolic",
        "arterial_diastolic",
        "arterial_mean",
    }
)
_PAIRS = {"systolic": "diastolic", "diastolic": "systolic"}
_DERIVED = "engineering rule, to be approved with the protocol"


@dataclass(frozen=True)
class Jump:
    """A step too large to believe from one reading alone."""

    by: Figure
    within_s: Figure


@dataclass(frozen=True)
class StreamRules:
    """The numbers of the stream. `clock_suspect_s` is compared on a live feed only; the other two make a reading late."""

    clock_suspect_s: Figure
    monitor_late_s: Figure
    hand_late_s: Figure
    sisters_agree_within: Figure
    jumps: Mapping[str, Jump]


def _derived(value: float, unit: str) -> Figure:
    return Figure(value, unit, _DERIVED, "derived")


_PULSE_JUMP = Jump(by=_derived(80, "/min"), within_s=_derived(90, "s"))
DEFAULT_RULES = StreamRules(
    clock_suspect_s=Figure(90, "s", "clinical safety review: above this the device clock is not trusted", "derived"),
    monitor_late_s=_derived(90, "s"),
    hand_late_s=_derived(300, "s"),
    sisters_agree_within=_derived(20, "/min"),
    jumps={"heart_rate": _PULSE_JUMP, "pulse_rate": _PULSE_JUMP, "spo2": Jump(by=_derived(15, "%"), within_s=_derived(5, "s"))},
)


@dataclass(frozen=True)
class Judgement:
    """What the stream says of one reading.

    clock_suspect  the reading waits unattached until a nurse confirms whose it is
    doubted        an artefact by its jump alone: the next one like it is believed
    """

    label: Label
    because: str = ""
    clock_suspect: bool = False
    doubted: bool = False

    @property
    def usable(self) -> bool:
        return self.label in USABLE and not self.clock_suspect


@dataclass(frozen=True)
class Context:
    """What went before at this session, by device and kind: the last usable reading, and the last doubted one."""

    last: Mapping[tuple[str, str], Reading] = field(default_factory=dict)
    doubted: Mapping[tuple[str, str], Reading] = field(default_factory=dict)

    def after(self, reading: Reading, judgement: Judgement) -> Context:
        key = (reading.device, reading.kind)
        if judgement.doubted:
            return Context(self.last, {**self.doubted, key: reading})
        before = self.last.get(key)
        if not judgement.usable or (before is not None and before.observed_at > reading.observed_at):
            return self
        return Context({**self.last, key: reading}, {k: doubt for k, doubt in self.doubted.items() if k != key})


def accept(context: Context, reading: Reading, *, seen: Container[Identity] = (), rules: StreamRules = DEFAULT_RULES) -> Judgement:
    """Label one reading in the light of what went before.

    seen  the identities already stored for this session
    The order matters: what is no news at all, what is no patient, what is no signal, what cannot be, what came late, what nobody verified.
    """
    if reading.identity in seen:
        return Judgement("duplicate", "sent before with the same device, time and value")
    if reading.demo:
        return Judgement("demo", "a training or test message")
    suspect = _clock_suspect(reading, rules)
    for rule in (_no_signal, _not_believable, _pressures_crossed, _jump, _late):
        found = rule(context, reading, rules)
        if found is not None:
            return Judgement(found.label, _join(found.because, suspect), bool(suspect), found.doubted)
    if suspect or not reading.verified:
        return Judgement("not_verified", suspect or "the device marked the value as not validated", bool(suspect))
    return Judgement("accepted")


def accept_set(
    context: Context, readings: Sequence[Reading], *, seen: Iterable[Identity] = (), rules: StreamRules = DEFAULT_RULES
) -> tuple[Context, list[tuple[Reading, Judgement]]]:
    """Label the readings of one message together: both halves of a crossed pressure fall, and a repeat inside the message is caught."""
    known = set(seen)
    judged: list[tuple[Reading, Judgement]] = []
    crossed = _crossed_times(readings)
    for reading in readings:
        judgement = accept(context, reading, seen=known, rules=rules)
        if judgement.usable and reading.kind in _PAIRS and (reading.device, reading.observed_at) in crossed:
            judgement = Judgement("artefact", "systolic is not above diastolic in this measurement")
        known.add(reading.identity)
        context = context.after(reading, judgement)
        judged.append((reading.labelled(judgement.label, judgement.because), judgement))
    return context, judged


def gaps(times: Sequence[datetime], *, expected_every_s: float, until: datetime, tolerance: float = 2.0) -> list[tuple[datetime, datetime]]:
    """The silences in an ordered series of times: each as (last heard, heard again or `until`)."""
    longest = timedelta(seconds=expected_every_s * tolerance)
    ends = [*times[1:], until]
    return [(start, end) for start, end in zip(times, ends, strict=True) if end - start > longest]


def _clock_suspect(reading: Reading, rules: StreamRules) -> str:
    if not reading.live or reading.source != "monitor":
        return ""
    device_says = reading.sent_at or reading.observed_at
    off_s = (reading.received_at - device_says).total_seconds()
    if abs(off_s) <= rules.clock_suspect_s.value:
        return ""
    where = "behind" if off_s > 0 else "ahead"
    return f"device clock {abs(off_s):.0f} s {where}, limit {rules.clock_suspect_s.value:.0f} s: confirm whose reading this is"


def _no_signal(context: Context, reading: Reading, rules: StreamRules) -> Judgement | None:
    if reading.value is None:
        return Judgement("artefact", "the device sent no number")
    if reading.value == 0 and reading.kind in ZERO_MEANS_NO_SIGNAL:
        return Judgement("artefact", "zero: probe or lead off, or no pulse found; look at the patient")
    return None


def _not_believable(context: Context, reading: Reading, rules: StreamRules) -> Judgement | None:
    kind = KINDS.get(reading.kind)
    if kind is None:
        return Judgement("implausible", f"unknown kind {reading.kind!r}: kept as sent")
    if reading.unit != kind.unit:
        return Judgement("implausible", f"unit {reading.unit!r}, expected {kind.unit!r}: not converted by a guess")
    if reading.value is not None and not kind.is_plausible(reading.value):
        low, high = kind.plausible_low.value, kind.plausible_high.value
        return Judgement("implausible", f"{kind.show(reading.value)} is outside {low:g} to {high:g} {kind.symbol}".rstrip())
    return None


def _pressures_crossed(context: Context, reading: Reading, rules: StreamRules) -> Judgement | None:
    other = context.last.get((reading.device, _PAIRS.get(reading.kind, "")))
    if other is None or other.observed_at != reading.observed_at or other.value is None or reading.value is None:
        return None
    high, low = (reading.value, other.value) if reading.kind == "systolic" else (other.value, reading.value)
    return Judgement("artefact", f"systolic {high:.0f} is not above diastolic {low:.0f}") if high <= low else None


def _jump(context: Context, reading: Reading, rules: StreamRules) -> Judgement | None:
    jump, key = rules.jumps.get(reading.kind), (reading.device, reading.kind)
    before = context.last.get(key)
    if jump is None or before is None or before.value is None or reading.value is None or reading.source != "monitor":
        return None
    passed_s = (reading.observed_at - before.observed_at).total_seconds()
    if not 0 <= passed_s <= jump.within_s.value or abs(reading.value - before.value) <= jump.by.value:
        return None
    if _seconded(context, reading, jump, rules):
        return None
    kind = KINDS[reading.kind]
    because = f"{kind.show(before.value)} to {kind.show(reading.value)} within {passed_s:.0f} s; believed if the next one agrees"
    return Judgement("artefact", because, doubted=True)


def _seconded(context: Context, reading: Reading, jump: Jump, rules: StreamRules) -> bool:
    """A doubted reading just before, or the other pulse signal, says the same."""
    doubt = context.doubted.get((reading.device, reading.kind))
    if doubt is not None and _close(doubt, reading, jump.by.value, jump.within_s.value):
        return True
    sister = _sister(context, reading, KINDS[reading.kind])
    return sister is not None and _close(sister, reading, rules.sisters_agree_within.value, jump.within_s.value)


def _sister(context: Context, reading: Reading, kind: Kind) -> Reading | None:
    found = [other for (_, key), other in context.last.items() if kind.sister and key == kind.sister]
    return max(found, key=lambda other: other.observed_at) if found else None


def _close(one: Reading, other: Reading, by: float, within_s: float) -> bool:
    if one.value is None or other.value is None:
        return False
    return abs(one.value - other.value) <= by and abs((one.observed_at - other.observed_at).total_seconds()) <= within_s


def _late(context: Context, reading: Reading, rules: StreamRules) -> Judgement | None:
    before = context.last.get((reading.device, reading.kind))
    if before is not None and reading.observed_at < before.observed_at:
        return Judgement("late", "a later reading of this kind came first")
    limit = rules.hand_late_s if reading.source == "hand" else rules.monitor_late_s
    waited_s = (reading.received_at - reading.observed_at).total_seconds()
    if waited_s > limit.value:
        return Judgement("late", f"received {waited_s:.0f} s after it was observed, limit {limit.value:.0f} s")
    return None


def _crossed_times(readings: Sequence[Reading]) -> set[tuple[str, datetime]]:
    high = {(r.device, r.observed_at): r.value for r in readings if r.kind == "systolic" and r.value}
    low = {(r.device, r.observed_at): r.value for r in readings if r.kind == "diastolic" and r.value}
    return {key for key, value in high.items() if key in low and value <= low[key]}


def _join(first: str, second: str) -> str:
    return f"{first}; {second}" if second else first
