"""OBX segments as rows, each knowing its order (OBR) and the equipment it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from winddown.domain.wire.hl7v2.codes import Code, code_of
from winddown.domain.wire.hl7v2.tokens import NULL, Separators, Tokens, value_of

_NUMBER = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})\Z", re.ASCII)
_CACHED_LENGTH = 120
_EMPTY: list[str] = []
_UNNAMED = [""]


@dataclass(frozen=True, slots=True)
class Row:
    """One OBX.

    channel       OBX-4, the dotted place in the device's containment tree (system.module.channel.metric)
    value         OBX-5 raw, HL7 null as empty
    own_equipment OBX-18 of this row (`universal_id` its EUI-64, where it gives one); `equipment` is that, or the one of its device system
    """

    code: Code
    value_type: str
    channel: str
    value: str
    unit: str
    reference_range: str
    flags: tuple[str, ...]
    status: str
    time: str
    own_equipment: str
    universal_id: str
    equipment: str
    order: list[str]


def read(tokens: Tokens) -> tuple[Row, ...]:
    """All OBX rows in order."""
    systems: dict[str, str] = {}
    order, rows = _EMPTY, []
    for segment in tokens.segments:
        name = segment[0]
        if name == "OBR":
            order = segment
        elif name == "OBX":
            rows.append(_row(segment, order, tokens, systems))
    return tuple(rows)


def number(text: str) -> str | None:
    """The text when it is an HL7 NM, else None. No exponent, no decimal comma, no digits of other scripts."""
    text = text.strip()
    return text if _NUMBER.match(text) else None


def components(text: str, tokens: Tokens) -> list[str]:
    """The components of a field; the plain-field case without splitting."""
    if tokens.separators.component not in text and tokens.separators.escape not in text:
        return [""] if text == NULL else [text]
    return tokens.components(text)


def code(text: str, tokens: Tokens) -> Code:
    """The code of a coded field."""
    if len(text) <= _CACHED_LENGTH:
        return _cached_code(text, tokens.separators)
    return code_of(tokens.components(text))


@lru_cache(maxsize=4096)
def _cached_code(text: str, separators: Separators) -> Code:
    return code_of(Tokens(separators, (), "").components(text))


def _row(segment: list[str], order: list[str], tokens: Tokens, systems: dict[str, str]) -> Row:
    length = len(segment)
    channel = segment[4] if length > 4 else ""
    named = components(segment[18], tokens) if length > 18 and segment[18] else _UNNAMED
    own = named[0].strip()
    system = channel.split(".", 1)[0]
    if own:
        if channel == f"{system}.0.0.0" or system not in systems:
            systems[system] = own
        systems.setdefault("", own)
    value = segment[5] if length > 5 else ""
    flags = segment[8] if length > 8 else ""
    return Row(
        code=code(value_of(segment, 3), tokens),
        value_type=segment[2] if length > 2 else "",
        channel=channel,
        value="" if value == NULL else value,
        unit=segment[6] if length > 6 else "",
        reference_range=segment[7] if length > 7 else "",
        flags=tuple(flags.split(tokens.separators.repetition or "~")) if flags else (),
        status=segment[11].strip() if length > 11 else "",
        time=segment[14] if length > 14 else "",
        own_equipment=own,
        universal_id=named[2].strip() if len(named) > 3 and named[3].upper().startswith("EUI") else "",
        equipment=own or systems.get(system) or systems.get("", ""),
        order=order,
    )
