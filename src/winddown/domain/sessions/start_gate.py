"""What must be recorded before the pump starts.

Each line says the number, the limit and what to do; some reviews a named prescriber may accept with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from winddown.domain.days import in_words
from winddown.domain.sessions.blocks import StartGate
from winddown.domain.sessions.gate_line import Acceptance, GateLine, accept, done, missing, review, stop
from winddown.domain.sessions.start_baseline import baseline_lines
from winddown.domain.sessions.start_equipment import equipment_lines
from winddown.domain.sessions.start_facts import ConsentFacts, Credential, OrderFacts, Visit, instant
from winddown.domain.sessions.story import Event, effective, latest

__all__ = ["READY", "Acceptance", "ConsentFacts", "Credential", "GateLine", "OrderFacts", "Visit", "check"]

NEVER_WITH = ("ketamine", "ketalar", "benzethonium")  # LBL-FK; LBL-INJ
READY = "Start criteria recorded. The nurse starts the pump; Winddown never does."


def check(
    rules: StartGate,
    events: Iterable[Event],
    visit: Visit,
    *,
    order: OrderFacts | None,
    consent: ConsentFacts | None,
    credentials: Sequence[Credential] = (),
    acceptances: Iterable[Acceptance] = (),
    screening: Sequence[GateLine] = (),
) -> list[GateLine]:
    """Every line of the gate, in the order of the room. The pump may start when all are done.

    screening  the lines of the decision and of the checks that expire (domain/screening)
    """
    story = effective(events)
    lines = [
        _recorded(story, "identity_confirmed", "identity", "Identity confirmed", "Ask name and date of birth, compare with the wristband."),
        _consent(story, consent, visit),
        _order(order),
        *screening,
        _weight(rules, story, order, visit),
        _allergies(story),
        *_fasting(rules, story, visit),
        _escort(story),
        *baseline_lines(rules, story, visit.at),
        *equipment_lines(rules, story, order, visit),
        _recorded(
            story, "supervisor_named", "supervisor", "Supervising prescriber named", "Name the supervising prescriber for this infusion."
        ),
        *_credentials(rules, credentials, visit),
    ]
    return accept(lines, acceptances, since=_since(story, lines))


def _since(story: Sequence[Event], lines: Iterable[GateLine]) -> dict[str, datetime]:
    """When the fact behind a line was last recorded; an older acceptance does not cover it."""
    kinds = {"weight": "weight_measured", "fasting_solid": "fasting_recorded", "fasting_clear": "fasting_recorded", "bag": "bag_hung"}
    found = {line.key: latest(story, "baseline_taken" if line.key.startswith("baseline") else kinds.get(line.key, "")) for line in lines}
    return {key: event.happened_at for key, event in found.items() if event is not None}


def _recorded(story: Sequence[Event], kind: str, key: str, words: str, do: str) -> GateLine:
    event = latest(story, kind)
    return done(key, f"{words} by {event.by}.") if event else missing(key, f"{words}: not recorded.", do)


def _allergies(story: Sequence[Event]) -> GateLine:
    """Confirmed today, and not to the drug itself or to the preservative of its multidose vials (US label: contraindication)."""
    event = latest(story, "allergies_confirmed")
    if event is None:
        return missing("allergies", "Allergies confirmed: not recorded.", "Ask for allergies and record the answer, also 'none known'.")
    found = [word for word in NEVER_WITH if word in event.text("words").casefold()]
    if found:
        told = f"An allergy to {', '.join(found)} is recorded: {event.text('words')}."
        return stop("allergies", told, "Do not start. A prescriber looks at the allergy; if it is none, correct the patient's facts first.")
    return done("allergies", f"Allergies confirmed by {event.by}.")


def _consent(story: Sequence[Event], consent: ConsentFacts | None, visit: Visit) -> GateLine:
    sign = "Sign a consent with the patient, or do not start."
    if consent is None or consent.signed_on is None:
        return stop("consent", "No consent on file.", sign)
    if consent.withdrawn_on is not None and consent.withdrawn_on <= visit.today:
        return stop("consent", f"Consent withdrawn on {in_words(consent.withdrawn_on)}.", sign)
    if consent.expires_on is not None and consent.expires_on < visit.today:
        return stop("consent", f"Consent expired on {in_words(consent.expires_on)}, today is {in_words(visit.today)}.", sign)
    if consent.renewed_on is not None:
        return stop(
            "consent",
            f"Consent signed on {in_words(consent.signed_on)}; the text of {in_words(consent.renewed_on)} must be signed anew.",
            sign,
        )
    if latest(story, "consent_seen") is None:
        return missing(
            "consent",
            f"Consent signed on {in_words(consent.signed_on)}: not yet seen today.",
            "Open it, see that it is this patient's, and record it.",
        )
    return done("consent", f"Consent signed on {in_words(consent.signed_on)}.")


def _order(order: OrderFacts | None) -> GateLine:
    if order is None or not order.signed_by:
        return stop("order", "No signed order.", "Ask the prescriber to sign the order.")
    if not order.locked:
        return stop("order", f"The order signed by {order.signed_by} is open for change.", "Ask the prescriber to lock it.")
    return done("order", f"Order signed by {order.signed_by} and locked.")


def _weight(rules: StartGate, story: Sequence[Event], order: OrderFacts | None, visit: Visit) -> GateLine:
    event = latest(story, "weight_measured")
    weight = event.number("weight_kg") if event else None
    if event is None or weight is None or not _counts(rules, event, visit):
        return missing("weight", "No weight of today.", "Weigh the patient now.")
    day = event.happened_at.astimezone(visit.zone).date()
    measured = f"{weight} kg {'today' if day == visit.today else f'on {in_words(day)}, {_minutes_ago(event, visit)} min ago'}"
    if order is None:
        return done("weight", f"{measured}.")
    change = abs(weight - order.weight_kg) / order.weight_kg * 100
    limit = Decimal(str(rules.weight_change_percent.value))
    told = f"{measured}, order {order.weight_kg} kg, {change:.1f} % apart, limit {float(limit):g} %"
    if change <= limit:
        return done("weight", f"{told}.")
    accepted = latest(story, "weight_accepted")
    if accepted and accepted.number("weight_kg") == weight and accepted.number("order_weight_kg") == order.weight_kg:
        return done("weight", f"{told}; accepted by {accepted.by}: {accepted.text('because')}.")
    return review("weight", f"{told}.", "Weigh again; then a prescriber changes the order or accepts the difference with a reason.")


def _counts(rules: StartGate, event: Event, visit: Visit) -> bool:
    """Whether a weight is of this day, or taken so shortly before that midnight between makes no difference."""
    if event.happened_at.astimezone(visit.zone).date() == visit.today:
        return True
    return rules.weight_age_h is not None and timedelta() <= visit.at - event.happened_at <= timedelta(hours=rules.weight_age_h.value)


def _minutes_ago(event: Event, visit: Visit) -> int:
    return int((visit.at - event.happened_at) / timedelta(minutes=1))


def _fasting(rules: StartGate, story: Sequence[Event], visit: Visit) -> list[GateLine]:
    event = latest(story, "fasting_recorded")
    return [_solid(rules, event, visit), _clear(rules, event, visit)]


def _solid(rules: StartGate, event: Event | None, visit: Visit) -> GateLine:
    hours = _hours_before(event, "last_solid_at", visit)
    light_h, heavy_h = rules.fasting_light_h.value, rules.fasting_heavy_h.value
    if event is None or hours is None:
        return missing("fasting_solid", "Last solid food: not recorded.", "Ask when and what the patient last ate.")
    told = f"Last solid food {hours:.1f} h before the start"
    wait = "Wait, or a prescriber accepts with a reason."
    if hours >= heavy_h:
        return done("fasting_solid", f"{told}, limit {heavy_h:g} h.")
    if hours < light_h:
        return review("fasting_solid", f"{told}, limit {light_h:g} h.", wait)
    if event.text("solid") == "light":
        return done("fasting_solid", f"{told}, a light meal, limit {light_h:g} h.")
    ask = f"Ask what it was: a light meal needs {light_h:g} h, a heavy one {heavy_h:g} h. {wait}"
    return review("fasting_solid", f"{told}: enough only for a light meal, limit {heavy_h:g} h.", ask)


def _clear(rules: StartGate, event: Event | None, visit: Visit) -> GateLine:
    hours, limit_h = _hours_before(event, "last_clear_at", visit), rules.fasting_clear_h.value
    if hours is None:
        return missing("fasting_clear", "Last clear fluid: not recorded.", "Ask when the patient last drank.")
    told = f"Last clear fluid {hours:.1f} h before the start, limit {limit_h:g} h."
    return (
        done("fasting_clear", told) if hours >= limit_h else review("fasting_clear", told, "Wait, or a prescriber accepts with a reason.")
    )


def _hours_before(event: Event | None, key: str, visit: Visit) -> float | None:
    when = instant(event, key)
    return None if when is None else (visit.start - when) / timedelta(hours=1)


def _escort(story: Sequence[Event]) -> GateLine:
    event = latest(story, "escort_named")
    if event and event.text("name") and event.text("phone"):
        return done("escort", f"Escort {event.text('name')}, {event.text('phone')}.")
    return missing("escort", "No escort with a phone number.", "Record a responsible adult and the phone number before the start.")


def _credentials(rules: StartGate, credentials: Sequence[Credential], visit: Visit) -> list[GateLine]:
    return [_credential(role, [each for each in credentials if each.role.casefold() == role.casefold()], visit) for role in rules.roles]


def _credential(role: str, held: Sequence[Credential], visit: Visit) -> GateLine:
    key, find = f"credential_{role.casefold()}", "Find a person with a valid one, or do not start."
    if not held:
        return stop(key, f"Nobody here has {role} on file.", find)
    best = max(held, key=lambda each: each.expires_on)
    if best.expires_on < visit.today:
        return stop(key, f"{role} of {best.holder} expired on {in_words(best.expires_on)}.", find)
    return done(key, f"{role}: {best.holder}, valid until {in_words(best.expires_on)}.")
