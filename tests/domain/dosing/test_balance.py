"""The balance: its sentences, and that what went through the line is neither lost nor counted twice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from dosing_stories import Story, after

from winddown.domain.dosing.accounting import pump_course
from winddown.domain.dosing.balance import balance, counted, given, infused, measured
from winddown.domain.dosing.line import line_course
from winddown.domain.refusals import OutOfRange, UnknownWord

D = Decimal


def test_an_agreement_never_claims_more_than_arithmetic():
    found = balance(D(100), D(50), (given(D(35)), measured("wasted", D(65), D(1), read_by="cylinder")))
    assert found.sentence == (
        "Drawn 100 mg, accounted for 100 mg; the measurements allow 9.3 mg. "
        "The arithmetic agrees; it does not prove what was in the syringe."
    )


def test_a_difference_says_its_size_and_what_to_do():
    found = balance(D(100), D(50), (given(D(35)), measured("wasted", D(45), D(1), read_by="cylinder")))
    assert found.sentence == (
        "Drawn 100 mg, accounted for 80 mg: 20 mg missing; the measurements allow 9.3 mg. "
        "Count again with a second person; if it stays, open a case."
    )


def test_an_estimate_by_eye_cannot_make_a_small_balance_agree():
    found = balance(D(50), D(50), (given(D(35)), measured("wasted", D(10), D(1), read_by="estimate")))
    assert found.agrees
    assert not found.tells
    assert found.sentence.endswith("too much to tell. Measure the residue.")


def test_drug_in_the_line_is_a_part_of_its_own():
    story = Story().bag(line="17.5", primed="drug").tell("started", 0, rate_ml_per_h="52.5").tell("infusion_completed", 40)
    reached, in_line = infused(line_course(pump_course(story.events), story.events, until=after(60)))
    assert (reached.mg, in_line.mg, reached.uncertainty_mg) == (35, D("17.5"), D("1.75"))
    assert balance(D(100), D(50), (reached, in_line, measured("left", D("47.5"), D(1), read_by="cylinder"))).difference_mg == 0


def test_an_amount_below_zero_and_an_unknown_measure_are_refused():
    with pytest.raises(OutOfRange):
        counted("returned", D(-1))
    with pytest.raises(UnknownWord):
        measured("wasted", D(1), D(1), read_by="thumb")
