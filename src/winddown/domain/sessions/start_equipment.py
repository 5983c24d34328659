"""The line, the bag, the pump and the monitor against the order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from winddown.domain.sessions.blocks import StartGate
from winddown.domain.sessions.gate_line import GateLine, done, missing, review, stop
from winddown.domain.sessions.start_facts import OrderFacts, Visit, instant
from winddown.domain.sessions.story import Event, latest


def equipment_lines(rules: StartGate, story: Sequence[Event], order: OrderFacts | None, visit: Visit) -> list[GateLine]:
    return [_iv_site(story, order), _bag(story, order, visit), _pump(story, order), _monitor(rules, story)]


def _iv_site(story: Sequence[Event], order: OrderFacts | None) -> GateLine:
    event = latest(story, "iv_site_checked")
    if event is None or not event.text("limb"):
        return missing("iv_site", "IV site not checked.", "Look at the site and record limb and finding.")
    limb, finding = event.text("limb"), event.text("finding")
    if order and order.affected_limb and limb.casefold() == order.affected_limb.casefold():
        return stop("iv_site", f"The line is in the affected limb ({limb}).", "Place the line, the cuff and the probe elsewhere.")
    if finding != "clear":
        return stop("iv_site", f"IV site {finding or 'without a finding'}, {limb}.", "Place a new line; do not start through this one.")
    return done("iv_site", f"IV site clear, {limb}.")


def _bag(story: Sequence[Event], order: OrderFacts | None, visit: Visit) -> GateLine:
    event = latest(story, "bag_hung")
    use_by = instant(event, "use_by")
    if event is None or use_by is None:
        return missing("bag", "No bag with a use-by time recorded.", "Scan the bag.")
    shown = f"{use_by.astimezone(visit.zone):%d %b %H:%M}"
    if use_by <= visit.start:
        return stop("bag", f"The bag's use-by time, {shown}, has passed.", "Discard it with a witness and hang a fresh one.")
    concentration = event.number("concentration_mg_per_ml")
    if order and concentration != order.concentration_mg_per_ml:
        told = f"Bag {concentration} mg/mL, order {order.concentration_mg_per_ml} mg/mL."
        return stop("bag", told, "Do not start. Two people compare bag, label and order.")
    if order and order.rate_ml_per_h and visit.start + timedelta(hours=float(order.volume_ml / order.rate_ml_per_h)) > use_by:
        return review(
            "bag",
            f"The bag's use-by time, {shown}, falls inside the planned infusion.",
            "Hang a fresh bag, or a prescriber accepts with a reason.",
        )
    return done("bag", f"Bag {event.text('bag')}, use by {shown}.")


def _pump(story: Sequence[Event], order: OrderFacts | None) -> GateLine:
    event = latest(story, "pump_read_back")
    if event is None:
        return missing(
            "pump", "Pump program not read back.", "Read drug, concentration, rate and volume from the pump; a second person compares."
        )
    if not event.second or event.second == event.by:
        return missing("pump", "Pump program read back without a second person.", "A second person reads it from the pump and signs.")
    if order is None:
        return missing("pump", "No order to compare the pump with.", "Ask the prescriber to sign the order.")
    wrong = [f"{words} {got}, order {wanted}" for words, got, wanted in _pump_pairs(event, order) if got != wanted]
    if wrong:
        return stop(
            "pump", f"Pump and order differ: {'; '.join(wrong)}.", "Do not start. Two people program the pump again from the order."
        )
    return done(
        "pump", f"Pump read back by {event.by} and {event.second}: {order.rate_ml_per_h} mL/h of {order.concentration_mg_per_ml} mg/mL."
    )


def _pump_pairs(event: Event, order: OrderFacts) -> list[tuple[str, object, object]]:
    return [
        ("drug", event.text("drug").casefold(), order.drug.casefold()),
        ("concentration in mg/mL", event.number("concentration_mg_per_ml"), order.concentration_mg_per_ml),
        ("rate in mL/h", event.number("rate_ml_per_h"), order.rate_ml_per_h),
        ("volume in mL", event.number("volume_ml"), order.volume_ml),
    ]


def _monitor(rules: StartGate, story: Sequence[Event]) -> GateLine:
    event = latest(story, "monitor_matched")
    monitor, felt = (event.number("monitor_pulse"), event.number("felt_pulse")) if event else (None, None)
    match = "Feel the pulse for 30 s and compare with the monitor at this chair."
    if event is None or monitor is None or felt is None:
        return missing("monitor", "Monitor not matched to the patient.", match)
    limit = rules.pulse_match_per_min.value
    told = f"Monitor {event.text('device')} shows {monitor}/min, felt {felt}/min, limit {limit:g} apart."
    if abs(monitor - felt) <= Decimal(str(limit)):
        return done("monitor", told)
    return review("monitor", told, f"It may be another patient's monitor. {match}", acceptable=False)
