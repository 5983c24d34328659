"""Codes on vials, as readers send them. The examples of structure and check digit are those that GS1 itself prints."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.controlled import gs1
from winddown.domain.refusals import Refusal

TODAY = date(2026, 11, 22)
CHARACTERS = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/.", min_size=1, max_size=20)


def test_the_check_digit_of_the_published_example_holds_and_its_neighbors_do_not():
    assert gs1.check_digit_holds("06291041500213")
    assert [digit for digit in range(10) if gs1.check_digit_holds(f"0629104150021{digit}")] == [3]


def test_the_published_example_in_brackets_is_read():
    assert gs1.read("(01)09521234543213(17)250101(10)ABC123", today=TODAY) == gs1.Scan("09521234543213", "ABC123", "", date(2025, 1, 1))


def test_a_reader_sends_the_same_code_with_a_separator_after_each_open_end():
    sent = "]d2010952123454321310ABC123\x1d172703" + "00" + "21S-7"
    assert gs1.read(sent, today=TODAY) == gs1.Scan("09521234543213", "ABC123", "S-7", date(2027, 3, 31))


def test_day_zero_is_the_last_day_of_the_month_in_a_leap_year_too():
    assert gs1.read("17280200", today=TODAY).expires_on == date(2028, 2, 29)


@pytest.mark.parametrize(("written", "year"), [("510101", 2051), ("760101", 2076), ("770101", 1977), ("990101", 1999), ("261231", 2026)])
def test_two_digits_of_a_year_lie_within_half_a_century(written, year):
    assert gs1.read(f"17{written}", today=TODAY).expires_on == date(year, int(written[2:4]), int(written[4:]))


@pytest.mark.parametrize(
    "code",
    [
        "",
        "hello",
        "(01)09521234543214",
        "(17)261301",
        "(17)260231",
        "(01)0952123454321",
        "10" + "A" * 21,
        "99XYZ",
        "(10)A(10)B",
        "0109521234543213" + "10" + "LOT-A 21",
    ],
)
def test_what_cannot_be_read_with_certainty_is_refused(code):
    with pytest.raises(Refusal):
        gs1.read(code, today=TODAY)


def test_the_drug_code_inside_a_us_product_number_comes_out_without_hyphens():
    body = "0034202311310"
    code = next(f"{body}{digit}" for digit in range(10) if gs1.check_digit_holds(f"{body}{digit}"))
    assert gs1.read(f"01{code}", today=TODAY).ndc_digits == "4202311310"
    assert gs1.Scan(gtin="09521234543213").ndc_digits == ""


@given(lot=CHARACTERS, serial=CHARACTERS, lot_first=st.booleans())
def test_lot_and_serial_come_back_as_they_were_in_either_order(lot, serial, lot_first):
    parts = [f"10{lot}", f"21{serial}"]
    code = "0109521234543213" + "\x1d".join(parts if lot_first else parts[::-1])
    read = gs1.read(code, today=TODAY)
    assert (read.lot, read.serial) == (lot, serial)
