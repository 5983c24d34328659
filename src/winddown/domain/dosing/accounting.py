"""The programmed dose: what the pump pushed out of the bag, exact, at any instant.

Whose word counts. The story has two tellers. A nurse's entry (`started`, `rate_changed`, `resumed`, `held`, `stopped`) says what was
set; the pump's report (`rate_reported`) says what the pump did. Each holds from its own instant until the next word of either; at the
same instant the pump's word comes last and so wins. While the pump's word and the entries differ for more than two minutes, the pump's
fact is counted, the difference is a finding, and nothing is averaged.

A bolus runs in place of the set rate for its time and was given whole, whatever happens meanwhile; the set rate then returns.

A report that cannot be read, or a rate with no concentration on file, makes the course `unknown` from there until a known word. It is
named; its mg are in no sum, so the sum is then a floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest

from winddown.domain.dosing import pump
from winddown.domain.dosing.course import Kind, PumpCourse, PumpSegment
from winddown.domain.dosing.finding import Finding
from winddown.domain.dosing.hung import HungBag, hung_bag
from winddown.domain.dosing.pump import PumpState, PumpWord
from winddown.domain.quantities import RATE_STEP_ML_PER_H, display, hours_between_exact, span_of_seconds
from winddown.domain.sessions.story import LATE_AFTER, Event, effective

BOLUS_WITHOUT_TIME_S = Decimal(1)
REPORT = "rate_reported"
_WORDS: dict[str, PumpWord] = {
    "bag_hung": "bag_hung",
    "started": "started",
    "rate_changed": "rate_changed",
    "held": "held",
    "resumed": "resumed",
    "infusion_completed": "ended",
    "stopped": "ended",
}
_WITH_A_RATE = ("started", "rate_changed", "resumed", REPORT)


@dataclass(frozen=True)
class _Set:
    """What is set from an instant on, boluses aside.

    reported        the last word about the flow was the pump's
    rate_ml_per_h   of the last word; None where it could not be read, and `because` says why
    """

    since: datetime | None
    state: PumpState = pump.OFF
    reported: bool = False
    rate_ml_per_h: Fraction | None = None
    because: str = ""
    bag: HungBag | None = None

    @property
    def flow_ml_per_h(self) -> Fraction | None:
        return self.rate_ml_per_h if self.reported or self.state == pump.RUNNING else Fraction(0)


@dataclass(frozen=True)
class _Bolus:
    start: datetime
    stop: datetime
    rate_ml_per_h: Fraction | None


def pump_course(events: Iterable[Event], *, bag: HungBag | None = None) -> PumpCourse:
    """The course of the pump from a session's events, in any order, with repeats and corrections settled.

    bag       the bag on the pump before any `bag_hung` event, when the caller knows it
    returns   stretches that touch and never overlap, none before the start and none after the end
    """
    story = effective(events)
    words = sorted((event for event in story if event.kind in _WORDS or event.kind == REPORT), key=_telling_order)
    boluses = [_bolus(event) for event in story if event.kind == "bolus_given"]
    settings, odd = _told(words, bag)
    entries = [event for event in words if event.kind != REPORT]
    entered, odd_by_entries = _told(entries, bag) if len(entries) < len(words) else (settings, odd)
    findings = [finding for finding in odd if finding in odd_by_entries]
    findings += [*_disagreements(settings, entered), *_unknown_rates(story)]
    bags = tuple(dict.fromkeys(setting.bag for setting in settings if setting.bag is not None))
    return PumpCourse(_merged(_segments(settings, boluses)), bags, tuple(sorted(findings, key=_finding_order)))


def _telling_order(event: Event) -> tuple[datetime, bool, int, str]:
    return (event.happened_at, event.kind == REPORT, event.sequence, event.id)


def _finding_order(finding: Finding) -> tuple[float, str]:
    return (finding.at.timestamp() if finding.at else 0.0, finding.code)


def _rate(event: Event) -> Fraction | None:
    """The rate of an event, None where it is missing, cannot be read or is below zero."""
    number = event.number("rate_ml_per_h")
    return Fraction(number) if number is not None and number >= 0 else None


def _told(words: Sequence[Event], bag: HungBag | None) -> tuple[list[_Set], list[Finding]]:
    """What is set after each word, the first before any word."""
    settings = [_Set(since=None, bag=bag)]
    findings = [] if bag is None else list(bag.findings)
    for event in words:
        setting, odd = _after_report(settings[-1], event) if event.kind == REPORT else _after_entry(settings[-1], event)
        settings.append(setting)
        findings.extend(odd)
    return settings, findings


def _after_report(setting: _Set, event: Event) -> tuple[_Set, list[Finding]]:
    rate = _rate(event)
    state = pump.NEXT[setting.state, "reported_flow"] if rate else setting.state
    because = _unreadable(event) if rate is None else ""
    return replace(setting, since=event.happened_at, state=state, reported=True, rate_ml_per_h=rate, because=because), []


def _after_entry(setting: _Set, event: Event) -> tuple[_Set, list[Finding]]:
    word = _WORDS[event.kind]
    findings = [_odd(pump.ODD[setting.state, word], word, event)] if (setting.state, word) in pump.ODD else []
    following = replace(setting, since=event.happened_at, state=pump.NEXT[setting.state, word])
    if word == "bag_hung":
        hung = hung_bag(event)
        return replace(following, bag=hung), [*findings, *hung.findings]
    following = replace(following, reported=False)
    if event.kind in _WITH_A_RATE:
        rate = _rate(event)
        following = replace(following, rate_ml_per_h=rate, because=_unreadable(event) if rate is None else "")
    return following, findings


def _odd(sentence: str, word: PumpWord, event: Event) -> Finding:
    return Finding(
        code=f"odd_{word}",
        severity="ask",
        value=event.text("rate_ml_per_h"),
        limit="",
        unit="mL/h",
        source="the table of the pump's states",
        sentence=sentence,
        way_out="Look at the pump, then enter or correct what is missing.",
        at=event.happened_at,
    )


def _unreadable(event: Event) -> str:
    raw = event.text("raw") or event.text("rate_ml_per_h")
    teller = "the pump sent" if event.kind == REPORT else "the entry says"
    return f"{teller} {raw!r}, which is no rate in mL/h." if raw else f"{teller} no rate."


def _unknown_rates(story: Iterable[Event]) -> Iterable[Finding]:
    """Each event of the pump whose rate or volume cannot be read."""
    for event in story:
        if event.kind in _WITH_A_RATE and _rate(event) is None:
            yield _unknown(event, "mL/h", _unreadable(event), "Read the pump and enter its rate in mL/h.")
        elif event.kind == "bolus_given" and _bolus(event).rate_ml_per_h is None:
            yield _unknown(event, "mL", "the bolus has no volume.", "Correct the bolus with its volume in mL.")


def _unknown(event: Event, unit: str, because: str, way_out: str) -> Finding:
    return Finding(
        code="rate_unknown",
        severity="stop",
        value=event.text("raw") or event.text("rate_ml_per_h") or event.text("volume_ml"),
        limit="",
        unit=unit,
        source="what cannot be interpreted is stored and marked",
        sentence=f"The dose is unknown from here: {because}",
        way_out=way_out,
        at=event.happened_at,
    )


def _disagreements(settings: list[_Set], entered: list[_Set]) -> Iterable[Finding]:
    """Stretches of more than two minutes, or still going on, in which the pump's word differs from what the entries alone say."""
    since: datetime | None = None
    pending: list[Finding] = []
    for pump_says, entries_say in _side_by_side(settings, entered):
        at = pump_says.since
        if at is None or not _differ(pump_says, entries_say):
            if since is not None and at is not None and at - since > LATE_AFTER:
                yield from pending
            since, pending = None, []
            continue
        since = since or at
        finding = _disagreement(pump_says, entries_say, at)
        if not pending or pending[-1].sentence != finding.sentence:
            pending.append(finding)
    yield from pending


def _side_by_side(settings: list[_Set], entered: list[_Set]) -> Iterable[tuple[_Set, _Set]]:
    """The setting after the last word of each instant, with what the entries alone said by then."""
    by_instant = {setting.since: setting for setting in settings}
    entries = {setting.since: setting for setting in entered}
    standing = entered[0]
    for since, setting in by_instant.items():
        standing = entries.get(since, standing)
        yield setting, standing


def _differ(pump_says: _Set, entries_say: _Set) -> bool:
    left, right = pump_says.flow_ml_per_h, entries_say.flow_ml_per_h
    return pump_says.reported and left is not None and right is not None and abs(left - right) >= Fraction(RATE_STEP_ML_PER_H)


def _disagreement(pump_says: _Set, entries_say: _Set, at: datetime) -> Finding:
    flow, entered = display(pump_says.flow_ml_per_h or Fraction(0), 1), display(entries_say.flow_ml_per_h or Fraction(0), 1)
    runs = f"{flow} mL/h" if pump_says.flow_ml_per_h else "no flow"
    told = (
        f"the rate entered is {entered} mL/h"
        if entries_say.state == pump.RUNNING
        else f"the record says {pump.STATE_WORDS[entries_say.state]}"
    )
    return Finding(
        code="pump_and_entry_disagree",
        severity="stop",
        value=flow,
        limit=entered,
        unit="mL/h",
        source="the pump's fact is counted; a disagreement is told",
        sentence=f"The pump reports {runs}; {told}. The dose counts the pump's.",
        way_out="Look at the pump; set it, or enter what it does.",
        at=at,
    )


def _bolus(event: Event) -> _Bolus:
    """A bolus as a stretch. Without a time it is spread over one second: the dose is the same, and the model needs a span."""
    volume, over_s = event.number("volume_ml"), event.number("over_s")
    seconds = over_s if over_s is not None and over_s > 0 else BOLUS_WITHOUT_TIME_S
    stop = event.happened_at + span_of_seconds(seconds)
    known = volume is not None and volume >= 0 and stop > event.happened_at
    return _Bolus(event.happened_at, stop, Fraction(volume or 0) / hours_between_exact(event.happened_at, stop) if known else None)


def _segments(settings: list[_Set], boluses: list[_Bolus]) -> Iterable[PumpSegment]:
    """Stretches between the instants at which anything changes."""
    changes = {setting.since: setting for setting in settings if setting.since is not None}
    cuts = sorted({*changes, *(bolus.start for bolus in boluses), *(bolus.stop for bolus in boluses)})
    setting = settings[0]
    for start, stop in zip_longest(cuts, cuts[1:]):
        setting = changes.get(start, setting)
        active = [bolus.rate_ml_per_h for bolus in boluses if bolus.start <= start < bolus.stop]
        if active:
            known = [rate for rate in active if rate is not None]
            rate = sum(known, Fraction(0)) if len(known) == len(active) else None
            yield _segment("bolus", start, stop, rate, setting.bag, "a bolus has no volume.")
        elif setting.state in (pump.RUNNING, pump.HELD) or setting.flow_ml_per_h != 0:
            yield _segment("running", start, stop, setting.flow_ml_per_h, setting.bag, setting.because)


def _segment(kind: Kind, start: datetime, stop: datetime | None, rate: Fraction | None, bag: HungBag | None, because: str) -> PumpSegment:
    concentration = bag.concentration_mg_per_ml if bag else None
    if rate == 0:
        kind, because = "held", ""
    elif rate is None:
        kind = "unknown"
    elif concentration is None:
        kind, because = "unknown", "the bag's concentration is not on file."
    else:
        because = ""
    return PumpSegment(kind, start, stop, rate, concentration, because, bag.key if bag else "")


def _merged(segments: Iterable[PumpSegment]) -> tuple[PumpSegment, ...]:
    """Neighbors that say the same become one, so that a pump that reports each second does not make a course of seconds."""
    merged: list[PumpSegment] = []
    for segment in segments:
        last = merged[-1] if merged else None
        if last and last.stop == segment.start and replace(last, start=segment.start, stop=segment.stop) == segment:
            merged[-1] = replace(last, stop=segment.stop)
        else:
            merged.append(segment)
    return tuple(merged)
