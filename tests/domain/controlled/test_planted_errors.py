"""The balance against simulated visits whose errors are made elsewhere: none of its figures is used to make them.

A visit is lived in true milliliters. What a nurse writes down is what she would read: nominal draws, the program of the pump, a residue
read off an instrument and rounded to its marks. Then somebody takes drug: out of the bag, or out of the syringe before it reached the bag.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from winddown.domain.dosing import balance

HONEST, PLANTED = 20_000, 200
READ = {"syringe": (0.03, 0.1), "cylinder": (0.35, 1.0), "scale": (0.6, 1.0)}


@dataclass(frozen=True)
class Lived:
    """A visit as it was: nominal numbers that get written, and true milliliters that do not."""

    drug_mg: int
    vial_mg_per_ml: int
    nominal_ml: float
    true_ml: float
    filling: str
    line_ml: float
    line_true_ml: float
    primed_with_drug: bool
    programmed_ml: float
    pumped_true_ml: float
    read_by: str

    @property
    def strength(self) -> float:
        return self.drug_mg / self.nominal_ml


def lived(chance: Random) -> Lived:
    printed, filling = chance.choice([100, 100, 250, 500]), chance.choice(["make_up", "withdraw", "add"])
    drug, vial = chance.choice([100, 200, 500]), chance.choice([50, 100])
    overfill = 0.0 if filling == "make_up" else 7.0 * printed / 100
    nominal = printed + overfill + (drug / vial if filling == "add" else 0.0)
    true = nominal + (chance.gauss(0, 0.4) if filling == "make_up" else chance.gauss(0, 1.1))
    line = chance.choice([2.0, 3.0, 17.0])
    programmed = round(nominal * chance.uniform(0.2, 0.75), 1)
    flow = 1 + max(-0.05, min(0.05, chance.gauss(0, 0.018)))
    return Lived(
        drug, vial, nominal, true, filling, line, line * (1 + chance.gauss(0, 0.06)), chance.random() < 0.6, programmed, programmed * flow,
        chance.choice(["syringe", "cylinder", "scale"]),
    )  # fmt: skip


def written(visit: Lived, chance: Random, *, out_of_the_bag_mg: float = 0.0, out_of_the_syringe_mg: float = 0.0) -> balance.Balance:
    """What the record holds of the visit, as the balance takes it."""
    strength = visit.strength
    left = visit.true_ml - visit.pumped_true_ml - (visit.line_true_ml if visit.primed_with_drug else 0.0) - out_of_the_bag_mg / strength
    noise, mark = READ[visit.read_by]
    read_ml = max(0.0, round((left + chance.gauss(0, noise)) / mark) * mark)
    exact = Decimal(str(strength))
    parts = [
        balance.given(Decimal(str(visit.programmed_ml)) * exact),
        balance.filling(Decimal(visit.drug_mg), Decimal(str(visit.nominal_ml)), visit.filling),
        balance.measured("wasted", Decimal(str(round(read_ml, 3))), exact, read_by=visit.read_by),
    ]
    if visit.primed_with_drug:
        parts.append(balance.primed(Decimal(str(visit.line_ml)), exact))
    drawn = Decimal(visit.drug_mg) + Decimal(str(out_of_the_syringe_mg))
    return balance.balance(drawn, Decimal(visit.vial_mg_per_ml), tuple(parts))


def test_planted_errors_of_twice_the_stated_uncertainty_are_found_in_200_of_200_and_honest_visits_are_left_alone():
    chance = Random(11)
    honest = [written(lived(chance), chance) for _ in range(HONEST)]
    false_cases = sum(not each.agrees for each in honest)
    found, planted = 0, 0
    while planted < PLANTED:
        visit = lived(chance)
        twice = 2 * float(written(visit, chance).uncertainty_mg)
        rest_mg = (visit.true_ml - visit.pumped_true_ml - visit.line_true_ml) * visit.strength
        from_the_bag = planted % 2 == 0
        if from_the_bag and rest_mg < twice:
            continue
        taken = {"out_of_the_bag_mg": twice} if from_the_bag else {"out_of_the_syringe_mg": twice}
        found += not written(visit, chance, **taken).agrees
        planted += 1
    print(f"planted errors found: {found} of {planted}; false cases: {false_cases} of {HONEST} ({false_cases / HONEST:.3%})")
    assert found == planted == 200
    assert false_cases / HONEST < 0.01


def test_half_of_what_is_allowed_is_not_found_and_the_record_does_not_claim_it_would_be():
    chance = Random(12)
    visits = [lived(chance) for _ in range(500)]
    unseen = sum(written(visit, chance, out_of_the_syringe_mg=float(written(visit, chance).uncertainty_mg) / 2).agrees for visit in visits)
    assert unseen > 400
    agreeing = next(each for each in (written(visit, chance) for visit in visits) if each.agrees and each.tells)
    assert agreeing.sentence.endswith("The arithmetic agrees; it does not prove what was in the syringe.")
