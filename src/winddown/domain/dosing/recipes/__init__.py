"""The packaged protocols: a published recipe each, with the default supervision of its track. A clinic copies and signs its own version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from winddown.domain.booking.series_rules import BLOCK as SERIES
from winddown.domain.booking.series_rules import packaged_series
from winddown.domain.dosing.protocol import AsNeeded, Protocol
from winddown.domain.dosing.recipes import crps_outpatient, mood_half_mg_per_kg, pain_80_mg
from winddown.domain.followup.schedule import BLOCK as FOLLOW_UP
from winddown.domain.followup.schedule import packaged_block
from winddown.domain.sessions.supervision import default_supervision

RECIPES: tuple[Protocol, ...] = (crps_outpatient.PROTOCOL, pain_80_mg.PROTOCOL, mood_half_mg_per_kg.PROTOCOL)


def packaged_protocols() -> tuple[dict[str, Any], ...]:
    """Each recipe as the whole versioned data of a protocol, dosing and supervision."""
    return tuple(composed(protocol) for protocol in RECIPES)


def composed(protocol: Protocol) -> dict[str, Any]:
    """A recipe with its track's default supervision and its series; a rescue drug that the recipe doses points to its line."""
    supervision = default_supervision(protocol.track)
    rescue = _with_lines(supervision["rescue"], protocol.dosing.as_needed)
    return {
        **protocol.as_data(),
        **supervision,
        "rescue": rescue,
        SERIES: packaged_series(protocol.key),
        FOLLOW_UP: packaged_block(protocol.track),
    }


def _with_lines(rescue: Sequence[dict[str, Any]], lines: Sequence[AsNeeded]) -> list[dict[str, Any]]:
    """The default rescue set, its placeholders filled by the recipe's as-needed lines, lines for other drugs added."""
    by_drug = {line.drug: line for line in lines}
    filled = [{**item, "order_line": by_drug[item["key"]].key} if item["key"] in by_drug else item for item in rescue]
    known = {item["key"] for item in rescue}
    added = [
        {"key": line.drug, "words": line.drug.capitalize(), "used_for": line.used_for, "order_line": line.key}
        for line in lines
        if line.drug not in known
    ]
    return filled + added
