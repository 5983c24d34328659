"""The packaged protocols and the default alarms: every figure with its unit, source and status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from manual.shape import APPROVED, STATUS_WORDS, amount, page, table, words
from winddown.domain.alarms.condition import SECOND_DISPLAY, Condition, Limits, Step
from winddown.domain.dosing.recipes import packaged_protocols
from winddown.domain.figures import Figure
from winddown.domain.sessions.supervision import BLOCKS, default_supervision
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.stream import DEFAULT_RULES

SUPERVISION = """## Supervision, the same for every packaged protocol

Rescue drugs are named without a dose: the dose belongs to the clinic's own signed order set. What rings is in [alarms.md](alarms.md).
"""


def protocols_page() -> str:
    packaged = packaged_protocols()
    parts = [f"{APPROVED}\n{STATUS_WORDS}\n"]
    parts += [_protocol(protocol) for protocol in packaged]
    pain, mood = default_supervision("pain"), default_supervision("mood")
    parts.append(SUPERVISION)
    shown = [block for block in BLOCKS if block not in ("alarms", "rescue", "stop_rules")]
    parts += [f"### {words(block).capitalize()}\n\n{_figures(pain[block])}" for block in shown]
    parts.append(f"The mood track differs in: {', '.join(_differences(pain, mood))}.\n")
    parts.append(f"### Stop rules\n\n{table(('Rule', 'Advice', 'After', 'What to do'), _stop_rules(pain['stop_rules']))}")
    rescue = [(line["words"], line["used_for"]) for line in pain["rescue"]]
    parts.append(f"### Rescue, as named\n\n{table(('Drug', 'Used for'), rescue)}")
    return page("Packaged protocols", "`winddown.domain.dosing.recipes` and `winddown.domain.sessions.supervision`", *parts)


def _protocol(data: Mapping[str, Any]) -> str:
    facts = f"`{data['key']}`, version {data['version']}, {data['drug_form']}, {data['track']} track. For: {data['indication']}.\n"
    return f"## {data['name']}\n\n{facts}\n{_figures(data['dosing'])}"


def _stop_rules(rules: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    return [(rule["words"], rule["tier"], amount(rule.get("after")), rule["do"]) for rule in rules]


def _figures(block: object) -> str:
    rows = [(words(name), amount(told), told["source"], told["status"]) for name, told in figures_in(block)]
    return table(("Figure", "Value", "Source", "Status"), rows)


def figures_in(data: object, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every figure of plain protocol data, with the words that lead to it."""
    if isinstance(data, Mapping):
        if {"value", "unit", "source", "status"} <= set(data):
            yield path, data
            return
        for key, item in data.items():
            yield from figures_in(item, f"{path}, {key}" if path else str(key))
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for place, item in enumerate(data, start=1):
            name = next((item[key] for key in ("name", "words", "key") if isinstance(item, Mapping) and key in item), place)
            yield from figures_in(item, f"{path}, {name}" if path else str(name))


def _differences(pain: object, mood: object, path: str = "") -> list[str]:
    if isinstance(pain, Mapping) and isinstance(mood, Mapping):
        return [found for key in pain for found in _differences(pain[key], mood[key], f"{path}, {words(key)}" if path else words(key))]
    return [] if pain == mood else [f"{path} ({_plain(mood)} instead of {_plain(pain)})"]


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


# --- alarms and vital signs -----------------------------------------------------------------------------------------------------


def alarms_page(limits: Limits) -> str:
    conditions = [row for condition in limits.conditions for row in _steps(condition)]
    silences = [(each.words, step.tier, step.severity, amount(step.after_s), step.do) for each in limits.silences for step in each.steps]
    general = (
        ("a cuff pressure is overdue after this many intervals", limits.cuff_overdue.intervals),
        ("a forecast may add a notice this far ahead; it never delays or removes an alarm", limits.forecast.ahead_min),
        ("an alarm nobody acknowledged by then goes to the supervising prescriber too", limits.unanswered_after_s),
        ("a device that sends seldom is silent after this many of its own intervals", limits.slow_feed_factor),
        ("an older reading raises nothing", limits.reading_horizon_min),
    )
    stream = DEFAULT_RULES
    held = [
        ("a live device whose clock is further off waits for a nurse's word", stream.clock_suspect_s),
        ("a reading from a monitor is late from", stream.monitor_late_s),
        ("an entry by hand is late from", stream.hand_late_s),
        ("the two pulse signals agree within", stream.sisters_agree_within),
        *(
            (f"a leap of {words(kind)} by this much within {amount(jump.within_s)} is doubted once", jump.by)
            for kind, jump in stream.jumps.items()
        ),
    ]
    kinds = [
        (
            kind.words,
            f"`{kind.key}`",
            kind.unit,
            f"{amount(kind.plausible_low)} to {amount(kind.plausible_high)}",
            "yes" if kind.alarmed else "",
        )
        for kind in KINDS.values()
    ]
    return page(
        "What rings by default",
        "`winddown.domain.alarms.defaults` and `winddown.domain.vitals`",
        f"{SECOND_DISPLAY} {APPROVED}\n{STATUS_WORDS} Worked rows: [what-rings.md](../../tests/specs/alarms/what-rings.md).\n",
        table(("Condition", "Tier", "Severity", "Limit", "Or", "Lasting", "Clears", "Source", "Status", "What to do"), conditions),
        "## Silence\n",
        table(("Nothing usable of", "Tier", "Severity", "For", "What to do"), silences),
        "## Times that hold for all\n",
        table(("What", "Figure", "Source", "Status"), _told(general)),
        "## Readings held back or marked\n\nEvery reading is stored, whatever its label.\n",
        table(("What", "Figure", "Source", "Status"), _told(held)),
        "## The kinds of vital sign\n\nOutside the range a reading is labeled `implausible`, and kept.\n",
        table(("Kind", "Key", "Unit", "Can be true", "May ring"), kinds),
    )


def _told(pairs: Iterable[tuple[str, Figure]]) -> list[tuple[str, ...]]:
    return [(what, amount(figure), figure.source, figure.status) for what, figure in pairs]


def _steps(condition: Condition) -> Iterator[tuple[str, ...]]:
    for step in condition.steps:
        lasting = amount(step.lasting_s) or (f"twice within {amount(step.confirm_within_s)}" if step.confirm_within_s else "at once")
        limit = f"{_compared(condition, step)} {amount(step.limit)}"
        named = (condition.words.rstrip(":"), step.tier, step.severity, limit, _relative(step), lasting, _clears(condition))
        yield (*named, step.limit.source, step.limit.status, step.do)


def _clears(condition: Condition) -> str:
    margin = f"{amount(condition.clear_margin)} inside" if condition.clear_margin.value else "inside"
    return f"{margin} for {amount(condition.clear_after_s)}" if condition.clear_after_s.value else margin


def _compared(condition: Condition, step: Step) -> str:
    if condition.side == "rising":
        return "a rise of"
    return f"at or {condition.side}" if step.inclusive else condition.side


def _relative(step: Step) -> str:
    found = [f"{amount(step.baseline_percent)} beyond the baseline"] if step.baseline_percent else []
    found += [f"{amount(step.baseline_change)} beyond the baseline"] if step.baseline_change else []
    return "; ".join(found)
