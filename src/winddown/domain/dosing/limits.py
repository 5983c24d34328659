"""The limits of an order: by protocol, step, drug form and concentration list, low ones too, and by the ratio to what was ordered.

`check` judges an order before signing, `check_pump_program` the two-person read-back before the start, `check_rate_change` a rate
about to be set. A rate the pump already ran is a fact: it is stored, and the same findings are then told, never enforced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from winddown.domain.dosing.finding import Finding, gravest_first
from winddown.domain.dosing.judging import Comparison, compared, tiered
from winddown.domain.dosing.order import DraftPhase, OrderDraft, draft_order
from winddown.domain.dosing.protocol import Protocol, Tiers, decimal_of
from winddown.domain.dosing.request import ENTERED_UNITS, ROUTE
from winddown.domain.figures import Figure
from winddown.domain.quantities import (
    Quantity,
    decimal_from_exact,
    display,
    format_decimal,
    mg_per_h,
    mg_per_kg,
    mg_per_kg_per_h,
    minutes_between_exact,
    ratio,
)

_NEAR_ML_PER_H = Decimal("0.05")
_NEAR_ML = Decimal(1)
_TOLD_APART_PERCENT = Figure(5, "%", "pump error of about 5 %, clinical rules, section 0 item 11", "derived")
FORM_NAMES = {"racemic": "racemic ketamine", "esketamine": "esketamine"}
DRUG_WORDS = {"racemic": ("ketamine", "racemic ketamine"), "esketamine": ("esketamine", "s-ketamine")}

# --- an order, before it is signed ----------------------------------------------------------------------------------------------


def check(draft: OrderDraft, protocol: Protocol, *, esketamine_allowed: bool = False) -> list[Finding]:
    """Everything the protocol says about an order, the gravest first.

    protocol             whose limits hold: the version the order is to be signed under
    esketamine_allowed   the practice has turned intravenous esketamine on; off by default
    """
    form = list(_form_findings(draft, protocol, esketamine_allowed))
    if any(finding.code == "wrong_drug_form" for finding in form):
        return form
    entries = list(_entry_findings(draft, protocol)) if draft.request.phases else []
    findings = [*form, *entries, *_amount_findings(draft, protocol), *_bag_findings(draft, protocol), *_weight_findings(draft)]
    return list(gravest_first(findings))


def check_bolus(volume_ml: Decimal, draft: OrderDraft) -> list[Finding]:
    """A bolus about to be given from the bag of an order."""
    dose = mg_per_kg(volume_ml * draft.concentration_mg_per_ml, draft.dosing_weight_kg)
    tiers = draft.protocol.dosing.limits_for(draft.step).get("bolus_mg_per_kg")
    return [] if tiers is None else tiered("bolus_mg_per_kg", dose, "mg/kg", tiers, "Bolus")


def _form_findings(draft: OrderDraft, protocol: Protocol, esketamine_allowed: bool) -> Iterable[Finding]:
    form = draft.request.drug_form
    if form != protocol.drug_form:
        yield Finding(
            code="wrong_drug_form",
            severity="stop",
            value=form,
            limit=protocol.drug_form,
            unit="",
            source="BELL09: esketamine is about twice as potent",
            sentence=f"The order is for {FORM_NAMES[form]}; the limits of this protocol are for {FORM_NAMES[protocol.drug_form]}.",
            way_out="Choose a protocol written for this form. Doses are not converted from one to the other.",
        )
    elif form == "esketamine" and not esketamine_allowed:
        yield Finding(
            code="esketamine_off",
            severity="stop",
            value=form,
            limit="racemic",
            unit="",
            source="clinical rules, section 0 item 4",
            sentence="Intravenous esketamine is turned off in this practice.",
            way_out="Use a racemic protocol, or have the medical director turn it on.",
        )
    if draft.request.route != ROUTE:
        yield Finding(
            code="wrong_route",
            severity="stop",
            value=draft.request.route,
            limit=ROUTE,
            unit="",
            source="clinical rules, section 8.4",
            sentence=f"The order says {draft.request.route or 'no route'}; this protocol is {ROUTE}.",
            way_out="Enter the route.",
        )


def _bag_findings(draft: OrderDraft, protocol: Protocol) -> Iterable[Finding]:
    strengths = protocol.dosing.concentrations
    real = draft.concentration_mg_per_ml
    tiers = Tiers(low_stop=strengths.minimum, stop=strengths.maximum)
    found = tiered("concentration", real, "mg/mL", tiers, "Concentration")
    yield from found
    apart = decimal_of(strengths.apart_percent) / 100
    if not found and not any(abs(ratio(real, decimal_of(listed)) - 1) <= apart for listed in strengths.listed):
        names = ", ".join(format_decimal(decimal_of(listed)) for listed in strengths.listed)
        tolerated = f"{strengths.apart_percent.value:g} %"
        yield Finding(
            code="concentration_not_listed",
            severity="ask",
            value=display(real, 3),
            limit=names,
            unit="mg/mL",
            source=strengths.apart_percent.source,
            sentence=f"{display(real, 3)} mg/mL is more than {tolerated} from every listed strength ({names} mg/mL).",
            way_out="Make the bag to a listed strength, or give the reason for this one.",
        )
    if draft.total_ml > draft.request.bag_ml:
        yield Finding(
            code="bag_too_small",
            severity="stop",
            value=display(draft.total_ml, 1),
            limit=format_decimal(draft.request.bag_ml),
            unit="mL",
            source="the bag of this order",
            sentence=f"The order needs {display(draft.total_ml, 1)} mL; the bag holds {format_decimal(draft.request.bag_ml)} mL.",
            way_out="Make a larger or a second bag.",
        )


def _weight_findings(draft: OrderDraft) -> Iterable[Finding]:
    if draft.basis != "actual" and draft.dosing_weight_kg > draft.weights.actual_kg:
        yield Finding(
            code="basis_above_actual_weight",
            severity="ask",
            value=display(draft.dosing_weight_kg, 1),
            limit=display(draft.weights.actual_kg, 1),
            unit="kg",
            source="SINGH19",
            sentence=f"The {draft.basis} weight, {display(draft.dosing_weight_kg, 1)} kg, is above the actual weight.",
            way_out="Dose by actual weight, or give the reason.",
        )


def _amount_findings(draft: OrderDraft, protocol: Protocol) -> Iterable[Finding]:
    limits = protocol.dosing.limits_for(protocol.dosing.step_for(draft.request.session_number))
    fastest, slowest = max(draft.phases, key=_rate), min(draft.phases, key=_rate)
    measured: list[tuple[str, str, str, Decimal]] = [
        ("rate_mg_per_kg_per_h", "mg/kg/h", "Rate", fastest.rate_mg_per_kg_per_h),
        ("rate_mg_per_h", "mg/h", "Rate", fastest.rate_mg_per_h),
        ("total_mg_per_kg", "mg/kg", "Total", draft.total_mg_per_kg),
        ("total_mg", "mg", "Total", draft.total_mg),
        ("minutes", "min", "Duration", draft.total_minutes),
    ]
    if slowest is not fastest:
        measured.append(("rate_mg_per_kg_per_h", "mg/kg/h", "Slowest rate", slowest.rate_mg_per_kg_per_h))
    for name, unit, what, value in measured:
        if name in limits:
            tiers = limits[name] if what != "Slowest rate" else Tiers(low_stop=limits[name].low_stop, low_ask=limits[name].low_ask)
            yield from tiered(name, value, unit, tiers, what)


def _rate(phase: DraftPhase) -> Decimal:
    return phase.rate_mg_per_h


def _entry_findings(draft: OrderDraft, protocol: Protocol) -> Iterable[Finding]:
    """The prescriber's own amounts against what the protocol gives the same patient: more is held harder than less."""
    usual = draft_order(replace(draft.request, phases=()), protocol)
    for number, entered in enumerate(draft.request.phases):
        expected = usual.phases[number] if number < len(usual.phases) else usual.phases[-1]
        yield from _against_phase(entered.amount, expected, protocol, Comparison("the protocol gives", less_is_safe=True))


# --- the read-back and the rate change ------------------------------------------------------------------------------------------


def check_pump_program(
    order: OrderDraft, drug: str, concentration_mg_per_ml: Decimal, rate_ml_per_h: Decimal, volume_ml: Decimal
) -> list[Finding]:
    """What two people read off the pump, against the order: drug, concentration, rate and volume. Equal means no finding."""
    first = order.phases[0]
    findings = list(_drug_findings(order, drug))
    findings += _differing("concentration", Quantity(concentration_mg_per_ml, "mg/mL"), order.concentration_mg_per_ml, order, {})
    if abs(rate_ml_per_h - first.rate_ml_per_h) > _NEAR_ML_PER_H:
        findings += _against_phase(Quantity(rate_ml_per_h, "mL/h"), first, order.protocol, Comparison("ordered", equal_wanted=True))
    findings += _volume_findings(order, volume_ml)
    return list(gravest_first(findings))


def check_rate_change(order: OrderDraft, rate_ml_per_h: Decimal, at: datetime, *, started_at: datetime) -> list[Finding]:
    """A rate about to be set, against the rate planned at that minute and the protocol's limits.

    A slower rate asks for a reason and never stops: titrating down must stay one tap.
    """
    minute = decimal_from_exact(minutes_between_exact(started_at, at), 6)
    planned = order.phase_at(max(minute, Decimal(0)))
    findings: list[Finding] = []
    if not any(abs(rate_ml_per_h - phase.rate_ml_per_h) <= _NEAR_ML_PER_H for phase in order.phases):
        comparison = Comparison("planned now", less_is_safe=True)
        findings += _against_phase(Quantity(rate_ml_per_h, "mL/h"), planned, order.protocol, comparison)
    per_hour = mg_per_h(rate_ml_per_h, order.concentration_mg_per_ml)
    limits = order.protocol.dosing.limits_for(order.step)
    for name, value, unit in (
        ("rate_mg_per_kg_per_h", mg_per_kg_per_h(per_hour, order.dosing_weight_kg), "mg/kg/h"),
        ("rate_mg_per_h", per_hour, "mg/h"),
    ):
        upper = limits.get(name, Tiers())
        findings += tiered(name, value, unit, Tiers(ask=upper.ask, two_signatures=upper.two_signatures, stop=upper.stop), "Rate")
    return list(gravest_first(findings))


def _drug_findings(order: OrderDraft, drug: str) -> Iterable[Finding]:
    known = DRUG_WORDS[order.request.drug_form]
    if drug.strip().lower() not in known:
        yield Finding(
            code="wrong_drug",
            severity="stop",
            value=drug,
            limit=known[0],
            unit="",
            source="SV17: look-alike and sound-alike names",
            sentence=f"The pump says {drug!r}; the order is for {known[0]}.",
            way_out="Program the pump for the ordered drug, and read it back again.",
        )


def _volume_findings(order: OrderDraft, volume_ml: Decimal) -> Iterable[Finding]:
    if volume_ml > order.request.bag_ml:
        yield Finding(
            code="volume_above_the_bag",
            severity="stop",
            value=format_decimal(volume_ml),
            limit=format_decimal(order.request.bag_ml),
            unit="mL",
            source="the bag of this order",
            sentence=f"The pump is set to {format_decimal(volume_ml)} mL; the bag holds {format_decimal(order.request.bag_ml)} mL.",
            way_out="Set the ordered volume.",
        )
    elif abs(volume_ml - order.total_ml) > _NEAR_ML:
        yield from _differing("volume", Quantity(volume_ml, "mL"), order.total_ml, order, {"mg": order.total_mg})


def _differing(what: str, entered: Quantity, ordered: Decimal, order: OrderDraft, others: Mapping[str, Decimal]) -> Iterable[Finding]:
    """A number that should equal the ordered one: up to 5 % apart passes, beyond it asks, a slip or a stop ratio stops."""
    if abs(ratio(entered.value, ordered) - 1) * 100 > decimal_of(_TOLD_APART_PERCENT):
        yield from compared(what, entered, ordered, order.protocol.dosing.ratio, Comparison("ordered", equal_wanted=True), others)


def _against_phase(entered: Quantity, expected: DraftPhase, protocol: Protocol, comparison: Comparison) -> Iterable[Finding]:
    """A number entered for a stretch, against that stretch in the same unit; its other units name a swap."""
    others = {unit: expected.in_unit(unit) for unit in ENTERED_UNITS if unit != entered.unit}
    what = "dose" if entered.unit in ("mg/kg", "mg") else "rate"
    yield from compared(what, entered, expected.in_unit(entered.unit), protocol.dosing.ratio, comparison, others)
