"""The pump as the story tells it: one table of (state, word) -> state.

We listen to the pump and never command it. A word the table frowns on is still a fact: the next state is taken, and the sentence
says what is odd. A report of a flow before a start or during a hold means that it runs; a report of no flow, or one that cannot be
read, changes the flow and not the state, which only people enter.
"""

from __future__ import annotations

from typing import Literal

PumpState = Literal["off", "running", "held", "ended"]
PumpWord = Literal["bag_hung", "started", "rate_changed", "reported_flow", "held", "resumed", "ended"]

OFF: PumpState = "off"
RUNNING: PumpState = "running"
HELD: PumpState = "held"
ENDED: PumpState = "ended"

NEXT: dict[tuple[PumpState, PumpWord], PumpState] = {
    ("off", "bag_hung"): "off",
    ("off", "started"): "running",
    ("off", "rate_changed"): "off",
    ("off", "reported_flow"): "running",
    ("off", "held"): "off",
    ("off", "resumed"): "running",
    ("off", "ended"): "ended",
    ("running", "bag_hung"): "running",
    ("running", "started"): "running",
    ("running", "rate_changed"): "running",
    ("running", "reported_flow"): "running",
    ("running", "held"): "held",
    ("running", "resumed"): "running",
    ("running", "ended"): "ended",
    ("held", "bag_hung"): "held",
    ("held", "started"): "running",
    ("held", "rate_changed"): "held",
    ("held", "reported_flow"): "running",
    ("held", "held"): "held",
    ("held", "resumed"): "running",
    ("held", "ended"): "ended",
    ("ended", "bag_hung"): "off",
    ("ended", "started"): "running",
    ("ended", "rate_changed"): "ended",
    ("ended", "reported_flow"): "ended",
    ("ended", "held"): "ended",
    ("ended", "resumed"): "running",
    ("ended", "ended"): "ended",
}

ODD: dict[tuple[PumpState, PumpWord], str] = {
    ("off", "rate_changed"): "A rate was entered before a start was recorded; nothing counts as given until the start.",
    ("off", "held"): "A hold was entered before a start was recorded.",
    ("off", "resumed"): "The infusion was resumed and no start is recorded.",
    ("off", "ended"): "The end was entered and no start is recorded.",
    ("running", "started"): "A second start was entered while the infusion runs.",
    ("running", "resumed"): "The infusion was resumed while it is recorded as running.",
    ("held", "started"): "A start was entered while the infusion is held.",
    ("held", "rate_changed"): "A rate was entered while the infusion is held; it counts as held until it is resumed.",
    ("ended", "started"): "A start was entered after the end, on the same bag.",
    ("ended", "rate_changed"): "A rate was entered after the end.",
    ("ended", "held"): "A hold was entered after the end.",
    ("ended", "resumed"): "The infusion was resumed after the end was recorded.",
}

STATE_WORDS: dict[PumpState, str] = {OFF: "not started", RUNNING: "running", HELD: "held", ENDED: "ended"}
