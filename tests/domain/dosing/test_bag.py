"""The bag: its steps in words, its label, and until when it hangs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from dosing_stories import after

from winddown.domain.dosing.bag import BagRequest, label_fields, prepare, use_by
from winddown.domain.figures import Figure
from winddown.domain.refusals import NotAllowed, OutOfRange

D = Decimal
REQUEST = BagRequest("racemic", D(50), D(100), D(100), D(7), "withdraw")


def test_the_steps_are_said_in_the_order_of_the_bench():
    assert prepare(REQUEST).steps == (
        "Take 2 mL of diluent out of the 100 mL bag.",
        "Draw 2 mL of 50 mg/mL: 100 mg.",
        "Add it to the bag and mix.",
        "The bag holds 100 mg in 107 mL: 0.935 mg/mL.",
    )


def test_the_label_says_what_the_bag_really_holds():
    fields = label_fields(prepare(REQUEST), prepared_at=after(0), use_by_at=after(240), prepared_by="ann", checked_by="bo")
    assert (fields["total_mg"], fields["final_ml"], fields["concentration_mg_per_ml"]) == ("100", "107", "0.935")
    assert fields["warning"] == "Never mix with diazepam or a barbiturate."
    assert fields["use_by"] == "2026-05-04T14:00:00+00:00"


def test_nobody_checks_their_own_bag():
    with pytest.raises(NotAllowed):
        label_fields(prepare(REQUEST), prepared_at=after(0), use_by_at=after(240), prepared_by="ann", checked_by="ann")


def test_a_bag_hangs_for_as_long_as_the_protocol_says():
    assert use_by(after(0), Figure(4, "h", "test", "unverified")) == after(0) + timedelta(hours=4)


def test_an_empty_bag_is_refused():
    with pytest.raises(OutOfRange):
        prepare(BagRequest("racemic", D(50), D(0), D(100), D(0), "withdraw"))
