"""The gate at the end of a visit: which criteria are recorded. A nurse judges the patient and signs; the gate never says 'safe'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from winddown.domain.recovery.scores import VARIANTS, Scored, score
from winddown.domain.recovery.stay import infusion_ended_at, stay_lines
from winddown.domain.refusals import Refusal
from winddown.domain.sessions.adverse_events import SERIOUS_FROM
from winddown.domain.sessions.blocks import Recovery
from winddown.domain.sessions.gate_line import Acceptance, GateLine, accept, all_done, done, missing, review, stop
from winddown.domain.sessions.lifecycle import status_of
from winddown.domain.sessions.story import Event, effective, latest, of_kind

RECORDED = "Criteria recorded. A nurse judges the patient and signs."
NO_DRIVING = "No driving, no machines and no signing of papers until the next day, after a night's sleep."


@dataclass(frozen=True)
class Override:
    """The gate was passed by two named people with a reason."""

    by: str
    second: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Verdict:
    """What the gate says as a whole."""

    recorded: bool
    overridden: Override | None
    words: str

    @property
    def may_leave(self) -> bool:
        """Nothing in the record stands against a nurse's signature."""
        return self.recorded or self.overridden is not None


def check(
    rules: Recovery,
    events: Iterable[Event],
    *,
    at: datetime,
    other_drugs: Sequence[tuple[str, datetime]] = (),
    acceptances: Iterable[Acceptance] = (),
) -> list[GateLine]:
    """Every criterion, in the order of the room.

    other_drugs  (name, given at) of sedating or pressure-active drugs that are not in the session's story
    """
    story = [event for event in effective(events) if event.happened_at <= at]
    ended_at = infusion_ended_at(story)
    if ended_at is None:
        status = status_of(story)
        return [
            stop(
                "infusion_ended",
                f"The infusion has not ended; the session is {status}.",
                "Record the end or the stop of the infusion first.",
            )
        ]
    after = [event for event in story if event.happened_at >= ended_at]
    baseline = latest(story, "baseline_taken")
    lines = [
        done("infusion_ended", "The infusion has ended."),
        *stay_lines(rules, story, ended_at, at, other_drugs),
        _observations(rules, after, at),
        _score_line("aldrete", rules.aldrete_variant, rules.aldrete_minimum.value, after),
        _score_line("padss", rules.padss_variant, rules.padss_minimum.value, after),
        _awake(rules, after),
        _dissociation(rules, after, baseline),
        _pain(rules, after, baseline),
        _orthostatic(rules, after),
        *_events_open(story),
        _recorded(after, "iv_removed", "iv_out", "IV line out", "Take the line out and look at the site."),
        _recorded(after, "escort_present", "escort", "Escort present", "Wait for the escort; a taxi driver is not one."),
        _recorded(after, "no_drive_text_given", "no_driving", "No-driving text given", f"Give it and read it together: {NO_DRIVING}"),
        *_suicide(rules, after),
    ]
    return accept(lines, acceptances)


def override_of(events: Iterable[Event], *, at: datetime) -> Override | None:
    """The last override, if it has a reason and two different names; otherwise there is none."""
    story = [event for event in effective(events) if event.happened_at <= at]
    ended_at, event = infusion_ended_at(story), latest(story, "gate_overridden")
    if event is None or ended_at is None or event.happened_at < ended_at:
        return None
    if not event.text("reason") or not event.second or event.second == event.by:
        return None
    return Override(event.by, event.second, event.text("reason"), event.happened_at)


def verdict(lines: Sequence[GateLine], override: Override | None = None) -> Verdict:
    """The whole in words; an override is named even when it was not needed."""
    if all_done(lines):
        return Verdict(True, override, RECORDED)
    open_lines = [line.sentence for line in lines if line.state != "done"]
    words = f"Not recorded or outside: {len(open_lines)} of {len(lines)}."
    if override:
        words += f" Overridden by {override.by} and {override.second}: {override.reason}. A nurse judges the patient and signs."
    return Verdict(False, override, words)


def _recorded(after: Sequence[Event], kind: str, key: str, words: str, do: str) -> GateLine:
    event = latest(after, kind)
    return done(key, f"{words}: {event.by}.") if event else missing(key, f"{words}: not recorded.", do)


def _observations(rules: Recovery, after: Sequence[Event], at: datetime) -> GateLine:
    event, limit = latest(after, "observation_set_taken"), rules.observations_age_min.value
    if event is None:
        return missing("observations", "No observations since the end of the infusion.", "Take a full set.")
    age_min = (at - event.happened_at) / timedelta(minutes=1)
    told = f"Last observations {age_min:.0f} min ago, limit {limit:g} min."
    lacking = event.data.get("missing")
    if lacking:
        return missing("observations", f"The last set lacks {', '.join(str(item) for item in lacking)}.", "Complete it.")
    return done("observations", told) if age_min <= limit else missing("observations", told, "Take a full set.")


def _score_line(family: str, variant_id: str, minimum: float, after: Sequence[Event]) -> GateLine:
    found = [event for event in of_kind(after, "recovery_scored") if event.text("variant") == variant_id]
    name = VARIANTS[variant_id].words if variant_id in VARIANTS else variant_id
    if not found:
        return missing(family, f"{name}: not scored since the end of the infusion.", "Score it now.")
    event = found[-1]
    try:
        scored = score(variant_id, event.data.get("items") or {}, at_baseline=event.data.get("at_baseline") or ())
    except Refusal as why:
        return missing(family, f"{name}: {why.because}", "Score it again.")
    return _judge_score(family, scored, minimum)


def _judge_score(family: str, scored: Scored, minimum: float) -> GateLine:
    told = f"{scored.variant.words} {scored.total} of {scored.variant.highest}, needs {minimum:g}"
    if scored.credited:
        told += f"; as before the infusion: {', '.join(scored.credited)}"
    again = "Wait and score again."
    if scored.total < minimum:
        return stop(family, f"{told}.", again)
    if family == "padss" and scored.zeros:
        return stop(family, f"{told}; zero points for {', '.join(scored.zeros)}.", again)
    if family == "padss" and not scored.full("walking"):
        return stop(family, f"{told}; walking is not as before.", again)
    return done(family, f"{told}.")


def _latest_score(after: Sequence[Event], scale: str) -> Decimal | None:
    found = [event for event in of_kind(after, "score_taken") if event.text("scale") == scale]
    return found[-1].number("value") if found else None


def _awake(rules: Recovery, after: Sequence[Event]) -> GateLine:
    value, wanted = _latest_score(after, "moaas"), rules.moaas_required.value
    if value is None:
        return missing("moaas", "MOAA/S: not scored since the end of the infusion.", "Score it now.")
    told = f"MOAA/S {value}, needs {wanted:g}."
    return done("moaas", told) if float(value) >= wanted else stop("moaas", told, "Wait and score again.")


def _dissociation(rules: Recovery, after: Sequence[Event], baseline: Event | None) -> GateLine:
    value = _latest_score(after, "cadss6")
    if value is None:
        return missing("cadss6", "CADSS-6: not scored since the end of the infusion.", "Score it now.")
    own = baseline.number("cadss6") if baseline else None
    limit = (own or Decimal(0)) + Decimal(str(rules.cadss6_above_baseline.value))
    source = f"baseline {own}" if own is not None else "no baseline on file, zero taken"
    told = f"CADSS-6 {value}, limit {float(limit):g} ({source})."
    return done("cadss6", told) if value <= limit else stop("cadss6", told, "Wait and score again.")


def _pain(rules: Recovery, after: Sequence[Event], baseline: Event | None) -> GateLine:
    value, own = _latest_score(after, "pain"), baseline.number("pain") if baseline else None
    if value is None:
        return missing("pain", "Pain: not scored since the end of the infusion.", "Score it now.")
    if own is None:
        return review("pain", f"Pain {value}, and no baseline to judge it by.", "A prescriber accepts with a reason.")
    limit = own + Decimal(str(rules.pain_above_baseline.value))
    told = f"Pain {value}, limit {float(limit):g} (baseline {own})."
    return done("pain", told) if value <= limit else review("pain", told, "Tell the prescriber, who treats it or accepts with a reason.")


def _orthostatic(rules: Recovery, after: Sequence[Event]) -> GateLine:
    event, do = latest(after, "orthostatic_taken"), "Take it lying and standing, or sitting for a patient who does not stand."
    pairs = ("lying_systolic", "standing_systolic", "lying_diastolic", "standing_diastolic")
    numbers = [event.number(key) for key in pairs] if event else []
    if event is None or None in numbers:
        return missing("orthostatic", "Pressure lying and standing: not recorded.", do)
    lying, standing, lying_low, standing_low = (float(number) for number in numbers if number is not None)
    fall, fall_low = lying - standing, lying_low - standing_low
    limit, limit_low = rules.orthostatic_systolic_fall.value, rules.orthostatic_diastolic_fall.value
    told = f"Fall on standing {fall:.0f}/{fall_low:.0f} mmHg, limit {limit:g}/{limit_low:g}"
    symptoms = event.data.get("symptoms") in (True, "true", "True", "yes")
    if fall >= limit or fall_low >= limit_low or symptoms:
        told += ", with symptoms" if symptoms else ""
        return review("orthostatic", f"{told}.", "Lie down, drink, wait and repeat; a prescriber decides.")
    return done("orthostatic", f"{told}, no symptoms.")


def _events_open(story: Sequence[Event]) -> list[GateLine]:
    closed = {event.text("event") for event in of_kind(story, "adverse_event_closed")}
    grave = [
        event
        for event in of_kind(story, "adverse_event")
        if event.id not in closed and (event.number("grade") or Decimal(0)) >= SERIOUS_FROM
    ]
    if not grave:
        return []
    names = ", ".join(f"{event.text('term').replace('_', ' ')} grade {event.number('grade')}" for event in grave)
    return [
        review("adverse_events", f"Open adverse events: {names}.", "Close them with their outcome, or a prescriber accepts with a reason.")
    ]


def _suicide(rules: Recovery, after: Sequence[Event]) -> list[GateLine]:
    if not rules.suicide_follow_up:
        return []
    return [
        _recorded(
            after,
            "suicide_follow_up_done",
            "suicide_follow_up",
            "Suicide follow-up asked",
            "Ask the follow-up questions before the patient leaves.",
        )
    ]
