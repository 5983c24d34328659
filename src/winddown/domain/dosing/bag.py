"""Making the bag: how much to draw, how much diluent to take out, what the bag really holds, until when, and its label.

"100 mg in 100 mL" is not 1 mg/mL when 2 mL of drug are added to a bag with 7 mL of overfill: it is 0.92. The vial's strength is always
asked, never assumed: 500 mg comes as 5 mL and as 10 mL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from winddown.domain.dosing.finding import Finding, gravest_first
from winddown.domain.dosing.protocol import Concentrations, DrugForm, decimal_of
from winddown.domain.figures import Figure
from winddown.domain.quantities import (
    as_minutes,
    concentration_mg_per_ml,
    display,
    format_decimal,
    ml_from_mg,
    parse_quantity,
    span_of_minutes,
)
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange, UnknownWord

Filling = Literal["withdraw", "add", "make_up"]
FILLINGS: tuple[Filling, ...] = ("withdraw", "add", "make_up")

LABEL = "LBL-INJ"
VIAL_STRENGTHS: tuple[Figure, ...] = tuple(Figure(strength, "mg/mL", "LBL-INJ; NDC", "published") for strength in (10, 50, 100))
NOT_TO_BE_DILUTED = VIAL_STRENGTHS[0]
TO_BE_DILUTED = VIAL_STRENGTHS[2]
NEVER_MIX_WITH = "Never mix with diazepam or a barbiturate."
LABEL_DIFFERENCE_PERCENT = Figure(10, "%", "CMAJ08: more than 10 % counts as a preparation error", "published")


@dataclass(frozen=True)
class BagRequest:
    """What the bag is made of.

    vial_mg_per_ml   read off the vial
    diluent_ml       the bag's printed volume; with `make_up`, the final volume it is made up to
    overfill_ml      what the maker put in beyond the printed volume; declared, 0 only if somebody says so
    filling          withdraw: take out the drug's volume first. add: leave the diluent. make_up: to a measured final volume
    """

    drug_form: DrugForm
    vial_mg_per_ml: Decimal | None
    total_mg: Decimal
    diluent_ml: Decimal
    overfill_ml: Decimal
    filling: Filling
    diluent: str = "sodium chloride 0.9 %"


@dataclass(frozen=True)
class Preparation:
    """The bag worked out. `concentration_mg_per_ml` is the real one; `printed_mg_per_ml` what the printed volume suggests."""

    request: BagRequest
    draw_ml: Decimal
    withdraw_ml: Decimal
    final_ml: Decimal
    concentration_mg_per_ml: Decimal
    printed_mg_per_ml: Decimal
    steps: tuple[str, ...]


def prepare(request: BagRequest) -> Preparation:
    """Work the bag out.

    refuses   Missing without a vial strength, UnknownWord for a strength ketamine does not come in, OutOfRange for an empty bag
    """
    strength = _vial_strength(request)
    if request.diluent_ml <= 0 or request.total_mg <= 0:
        raise OutOfRange(
            because="A bag needs drug and volume above zero.", way_out="Enter total mg and mL.", code="empty_bag", where="total_mg"
        )
    if request.filling not in FILLINGS:
        raise UnknownWord("way of filling", request.filling, FILLINGS)
    draw = ml_from_mg(request.total_mg, strength)
    if request.filling != "add" and draw > request.diluent_ml:
        raise OutOfRange(
            because=f"{display(draw, 2)} mL of drug do not fit into {format_decimal(request.diluent_ml)} mL.",
            way_out="Take a stronger vial, a larger bag or less drug.",
            code="drug_does_not_fit",
            where="diluent_ml",
        )
    withdrawn = draw if request.filling == "withdraw" else Decimal(0)
    filled = request.diluent_ml if request.filling == "make_up" else request.diluent_ml + request.overfill_ml + draw - withdrawn
    return Preparation(
        request=request,
        draw_ml=draw,
        withdraw_ml=withdrawn,
        final_ml=filled,
        concentration_mg_per_ml=concentration_mg_per_ml(request.total_mg, filled),
        printed_mg_per_ml=concentration_mg_per_ml(request.total_mg, request.diluent_ml),
        steps=tuple(_steps(request, strength, draw, filled)),
    )


def check_preparation(preparation: Preparation, strengths: Concentrations) -> list[Finding]:
    """What the label and the protocol say about a bag, the gravest first."""
    vial = preparation.request.vial_mg_per_ml
    findings = []
    if vial == decimal_of(NOT_TO_BE_DILUTED):
        findings.append(
            _stop(
                "ten_mg_per_ml_diluted",
                vial,
                NOT_TO_BE_DILUTED,
                "The 10 mg/mL vial is not to be diluted.",
                "Make the bag from 50 mg/mL or 100 mg/mL.",
            )
        )
    if vial == decimal_of(TO_BE_DILUTED) and preparation.concentration_mg_per_ml >= vial:
        findings.append(_stop("hundred_mg_per_ml_undiluted", vial, TO_BE_DILUTED, "The 100 mg/mL vial must be diluted.", "Add diluent."))
    findings += _strength_findings(preparation, strengths)
    return list(gravest_first(findings))


def use_by(prepared_at: datetime, hours: Figure) -> datetime:
    """When the bag is no longer hung. `hours` is the protocol's figure."""
    return prepared_at + span_of_minutes(as_minutes(parse_quantity(f"{decimal_of(hours)}h")))


def label_fields(
    preparation: Preparation, *, prepared_at: datetime, use_by_at: datetime, prepared_by: str, checked_by: str
) -> dict[str, Any]:
    """What the label says beside the patient's name. Refuses a bag checked by the person who made it."""
    if prepared_by == checked_by:
        raise NotAllowed(
            because="The bag was made and checked by the same person.", way_out="A second person checks it.", code="same_person_checked"
        )
    return {
        "drug": "esketamine" if preparation.request.drug_form == "esketamine" else "ketamine",
        "drug_form": preparation.request.drug_form,
        "total_mg": format_decimal(preparation.request.total_mg),
        "final_ml": display(preparation.final_ml, 1),
        "concentration_mg_per_ml": display(preparation.concentration_mg_per_ml, 3),
        "diluent": preparation.request.diluent,
        "route": "intravenous infusion",
        "prepared_at": prepared_at.isoformat(),
        "use_by": use_by_at.isoformat(),
        "prepared_by": prepared_by,
        "checked_by": checked_by,
        "warning": NEVER_MIX_WITH,
    }


def _vial_strength(request: BagRequest) -> Decimal:
    if request.vial_mg_per_ml is None:
        raise Missing(
            because="The vial's strength is not given.",
            way_out="Read it off the vial or scan it: 10, 50 or 100 mg/mL.",
            code="vial_strength_missing",
            where="vial_mg_per_ml",
        )
    if request.drug_form == "racemic" and request.vial_mg_per_ml not in [decimal_of(strength) for strength in VIAL_STRENGTHS]:
        raise UnknownWord("vial strength in mg/mL", format_decimal(request.vial_mg_per_ml), [f"{each.value:g}" for each in VIAL_STRENGTHS])
    if request.vial_mg_per_ml <= 0:
        raise OutOfRange(because="The vial's strength is zero.", way_out="Read it off the vial.", where="vial_mg_per_ml")
    return request.vial_mg_per_ml


def _steps(request: BagRequest, strength: Decimal, draw: Decimal, filled: Decimal) -> Iterable[str]:
    printed, drawn = format_decimal(request.diluent_ml), display(draw, 2)
    vial, amount = format_decimal(strength), format_decimal(request.total_mg)
    if request.filling == "withdraw":
        yield f"Take {drawn} mL of diluent out of the {printed} mL bag."
    yield f"Draw {drawn} mL of {vial} mg/mL: {amount} mg."
    if request.filling == "make_up":
        yield f"Make it up to {printed} mL with diluent."
    else:
        yield "Add it to the bag and mix."
    yield f"The bag holds {amount} mg in {display(filled, 1)} mL: {display(concentration_mg_per_ml(request.total_mg, filled), 3)} mg/mL."


def _strength_findings(preparation: Preparation, strengths: Concentrations) -> Iterable[Finding]:
    real = preparation.concentration_mg_per_ml
    if real > decimal_of(strengths.maximum):
        yield _stop(
            "bag_too_strong", real, strengths.maximum, f"{display(real, 3)} mg/mL is above the strongest bag allowed.", "Use more diluent."
        )
    elif real < decimal_of(strengths.minimum):
        yield _stop(
            "bag_too_weak", real, strengths.minimum, f"{display(real, 3)} mg/mL is below the weakest bag allowed.", "Use less diluent."
        )
    apart = abs(preparation.printed_mg_per_ml / real - 1) * 100
    if apart > decimal_of(LABEL_DIFFERENCE_PERCENT):
        printed = display(preparation.printed_mg_per_ml, 3)
        yield Finding(
            code="printed_strength_misleads",
            severity="ask",
            value=display(real, 3),
            limit=printed,
            unit="mg/mL",
            source=LABEL_DIFFERENCE_PERCENT.source,
            sentence=f"The printed volume suggests {printed} mg/mL; with what was added it is {display(real, 3)} mg/mL.",
            way_out="Take out the drug's volume first, and set the pump to the real strength.",
        )


def _stop(code: str, value: Decimal, figure: Figure, sentence: str, way_out: str) -> Finding:
    limit = format_decimal(decimal_of(figure))
    return Finding(code, "stop", display(value, 3), limit, "mg/mL", figure.source, f"{sentence} Limit {limit} mg/mL.", way_out)
