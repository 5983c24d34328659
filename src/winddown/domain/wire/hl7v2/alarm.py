"""The monitor's or pump's own alarm (IHE PCD-04, ORU^R40). It is recorded beside ours and never replaces the device's sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from winddown.domain.wire.hl7v2 import rows
from winddown.domain.wire.hl7v2.observation import Clock
from winddown.domain.wire.hl7v2.rows import Row
from winddown.domain.wire.hl7v2.tokens import Tokens, value_of

EVENT_ALARM, EVENT_ACTIVE = 196616, 196614
SOURCE, PHASE, STATE, INACTIVATION, PRIORITY, TYPE, CONFIRM_TIMEOUT = 68480, 68481, 68482, 68483, 68484, 68485, 67860
PRIORITIES = {"PH": "high", "PM": "medium", "PL": "low", "PN": "none", "PI": "information"}
TYPES = {"SP": "physiological", "ST": "technical", "SA": "advisory"}
_PHASES = ("start", "continue", "end", "present", "update", "escalate", "de-escalate", "reset")
_STATES = ("inactive", "active", "latched")
_EVENT_PARTITION = 3


@dataclass(frozen=True, slots=True)
class DeviceAlarm:
    """One report on one alarm condition.

    code             MDC event number, None when the device named the condition by text only
    phase, state     "" when the device did not say in codes that we know
    priority, type   words of PRIORITIES and TYPES, or ""
    key              the same on every report about one alarm: OBR-29 (parent), else OBR-3
    order_id         OBR-3, first component
    confirm_timeout_s  a watchdog promises its next message; its absence is a lost connection
    """

    code: int | None
    condition: str
    text: str
    phase: str
    state: str
    inactivation: str
    priority: str
    type: str
    source: str
    key: str
    order_id: str
    happened_at: datetime | None
    zone_assumed: bool
    equipment_id: str
    confirm_timeout_s: float | None

    @property
    def is_watchdog(self) -> bool:
        """A sign of life, no alarm: both the event and the promise must be there."""
        return self.code == EVENT_ACTIVE and self.confirm_timeout_s is not None


def read(tokens: Tokens, found: Sequence[Row], clock: Clock) -> DeviceAlarm | None:
    """The alarm of an R40 message, None when it holds no row at all."""
    if not found:
        return None
    event = next((row for row in found if row.code.mdc is not None and row.code.mdc >> 16 == _EVENT_PARTITION), found[0])
    attributes = {row.code.mdc: row for row in found if row.code.mdc is not None and row is not event}
    named = rows.components(event.value, tokens)
    coded = rows.code(event.value, tokens) if event.code.mdc == EVENT_ALARM else event.code
    stamp = clock.of_row(event)[0]
    order_id = _first(value_of(event.order, 3), tokens)
    return DeviceAlarm(
        code=coded.mdc or None,
        condition=named[1] if len(named) > 1 else "",
        text=(named[8] if len(named) > 8 else "") or (named[1] if len(named) > 1 else named[0]),
        phase=_word(attributes.get(PHASE), _PHASES),
        state=_word(attributes.get(STATE), _STATES),
        inactivation=attributes[INACTIVATION].value if INACTIVATION in attributes else "",
        priority=_flagged(PRIORITIES, event, attributes.get(PRIORITY)),
        type=_flagged(TYPES, event, attributes.get(TYPE)),
        source=_first(attributes[SOURCE].value, tokens) if SOURCE in attributes else "",
        key=_parent(event, tokens) or order_id,
        order_id=order_id,
        happened_at=stamp.at if stamp else None,
        zone_assumed=stamp.zone_assumed if stamp else False,
        equipment_id=event.equipment,
        confirm_timeout_s=_seconds(attributes.get(CONFIRM_TIMEOUT)),
    )


def _first(text: str, tokens: Tokens) -> str:
    return rows.components(text, tokens)[0]


def _word(row: Row | None, known: tuple[str, ...]) -> str:
    word = row.value.strip().lower() if row else ""
    return word if word in known else ""


def _flagged(words: dict[str, str], event: Row, attribute: Row | None) -> str:
    candidates = (*event.flags, attribute.value.strip() if attribute else "")
    return next((words[flag] for flag in candidates if flag in words), "")


def _parent(event: Row, tokens: Tokens) -> str:
    parts = value_of(event.order, 29).split(tokens.separators.component)
    return parts[1] if len(parts) > 1 else parts[0]


def _seconds(row: Row | None) -> float | None:
    text = rows.number(row.value) if row else None
    return float(text) if text else None
