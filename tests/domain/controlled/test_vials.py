"""What a vial holds and may give."""

from __future__ import annotations

from decimal import Decimal

import pytest

from winddown.domain.controlled.products import VialSize, ndc_digits, overfill_of, read_ndc, schedule_for
from winddown.domain.refusals import OutOfRange, Refusal

D = Decimal


def test_five_hundred_mg_come_in_two_sizes_that_are_not_the_same_thing():
    weak, strong = VialSize(D(50), D(10)), VialSize(D(100), D(5))
    assert weak.mg == strong.mg == 500
    assert weak != strong
    assert strong.words == "100 mg/mL, 5 mL (500 mg)"


@pytest.mark.parametrize(("ml", "excess"), [("0.5", "0.1"), ("2", "0.15"), ("5", "0.3"), ("10", "0.5"), ("20", "0.6"), ("50", "1")])
def test_the_excess_volume_is_that_of_the_pharmacopeia(ml, excess):
    assert VialSize(D(50), D(ml)).excess_ml == D(excess)


def test_a_vial_may_give_its_overfill_and_not_a_drop_more():
    size = VialSize(D(50), D(10))
    assert overfill_of(D("4"), D(10), size) == 0
    assert overfill_of(D("10.5"), D(10), size) == D("0.5")
    with pytest.raises(OutOfRange) as refusal:
        overfill_of(D("10.6"), D(10), size)
    assert refusal.value.because == "10.6 mL were asked of a vial that holds 10 mL and at most 0.5 mL of overfill."


def test_the_eleven_digits_of_a_bill_hide_one_zero():
    assert ndc_digits("42023-113-10") == {"4202311310"}
    assert ndc_digits("42023-0113-10") == {"4202311310"}
    assert ndc_digits("00409-2053-10") == {"0409205310"}
    assert ndc_digits("00409-0053-01") == {"0409005301", "0040905301", "0040900531"}


def test_a_code_without_hyphens_and_a_wrong_schedule_are_refused():
    for wrong in ("4202311310", "420231-13-10", ""):
        with pytest.raises(Refusal):
            read_ndc(wrong)
    with pytest.raises(Refusal, match="midazolam is C-IV, not C-III"):
        schedule_for("midazolam", "III")
    assert schedule_for("labetalol", "") == ""
