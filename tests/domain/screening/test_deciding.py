"""Decisions, what changed since, codes, phases, and the day before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.specs.screening.ordinary_patient import changed
from winddown.domain.instruments.budapest import SIGNS, SYMPTOMS
from winddown.domain.refusals import Refusal
from winddown.domain.screening.budapest import budapest
from winddown.domain.screening.codes import excluded_together, read_icd10, read_npi
from winddown.domain.screening.day_before import check_lines, proposed
from winddown.domain.screening.decide import Decided, changed_lines, check_decision, compared, gate_line
from winddown.domain.screening.medicines import recognize
from winddown.domain.screening.phases import odd_move
from winddown.domain.screening.rule import judge_all
from winddown.domain.screening.rules import RULES

TODAY = date(2026, 3, 2)


def run(words: str):
    return judge_all(RULES, changed(words))


def test_accepting_past_an_exclusion_or_a_review_needs_a_reason_each():
    findings = run("aneurysm=yes; bladder_ketamine=yes; hypertension=yes")
    with pytest.raises(Refusal, match="No reason is given to treat all the same"):
        check_decision("accept", [], findings, {"heart.aneurysm": "clipped in 2019"}, until=None, today=TODAY)
    reasons = {"heart.aneurysm": "clipped in 2019", "bladder.ketamine": "seen by a urologist"}
    check_decision("accept", [], findings, reasons, until=None, today=TODAY)


def test_deferring_needs_a_later_day_and_refusing_a_reason_that_counts():
    for choice, reasons, until in (
        ("defer", ["pressure"], None),
        ("defer", ["pressure"], TODAY),
        ("refuse", [], None),
        ("refuse", ["bad mood"], None),
        ("perhaps", ["other"], None),
    ):
        with pytest.raises(Refusal):
            check_decision(choice, reasons, run(""), {}, until=until, today=TODAY)
    check_decision("defer", ["pressure"], run(""), {}, until=date(2026, 3, 3), today=TODAY)


def test_a_new_run_names_what_is_worse_first():
    changes = compared(run("cannabis=yes"), run("pregnancy=suspected"))
    assert [(change.rule, change.worse) for change in changes] == [("pregnancy.pregnant", True), ("substances.cannabis", False)]
    assert changes[0].before == "did not fire"
    assert compared(run("cannabis=yes"), run("cannabis=yes")) == []


@pytest.mark.parametrize(
    ("decided", "state"),
    [
        (None, "stop"),
        (Decided("accept", TODAY, "Dr. Reyes"), "done"),
        (Decided("refuse", TODAY, "Dr. Reyes"), "stop"),
        (Decided("defer", TODAY, "Dr. Reyes", until=date(2026, 3, 9)), "stop"),
        (Decided("defer", date(2026, 2, 1), "Dr. Reyes", until=TODAY), "stop"),
    ],
)
def test_the_gate_opens_only_on_an_accepting_decision(decided, state):
    line = gate_line(decided, TODAY)
    assert line.state == state
    assert "eligible" not in line.sentence


def test_what_was_decided_on_does_not_stop_again_and_what_is_graver_does():
    decided = Decided("accept", TODAY, "Dr. Reyes", findings={"heart.pressure_raised": "review", "brain.seizures": "caution"})
    assert changed_lines(decided, run("systolic=150; seizures=controlled")) == []
    (line,) = changed_lines(decided, run("seizures=uncontrolled"))
    assert (line.key, line.state, line.acceptable) == ("screening_brain.seizures", "review", True)
    (line,) = changed_lines(decided, run("aneurysm=yes"))
    assert (line.state, line.acceptable) == ("stop", False)


@pytest.mark.parametrize("code", ["G90.511", "g90511", "M79.7", "B02.29", "F33.2", "G43.709", "U07.1"])
def test_codes_in_use_are_read(code):
    assert read_icd10(code).startswith(code[:3].upper())


@pytest.mark.parametrize("code", ["G90.5", "G90.51", "G90.52", "G9", "90.511", "G90.51111", "CRPS"])
def test_headings_and_what_has_not_the_form_are_refused_with_the_way_out(code):
    with pytest.raises(Refusal) as refused:
        read_icd10(code)
    assert refused.value.way_out


def test_crps_one_and_two_exclude_each_other():
    assert excluded_together(["G90.511", "G56.41"]) == "G90.511 (CRPS I) and G56.41 (CRPS II) exclude each other."
    assert excluded_together(["G90.511", "G89.4"]) == ""


def test_the_example_number_of_the_npi_standard_passes_and_a_mistyped_one_does_not():
    assert read_npi("1234567893") == "1234567893"
    assert read_npi("1234 567-893") == "1234567893"
    assert read_npi("") == ""
    for wrong in ("1234567890", "1234567983", "123456789", "3234567893"):
        with pytest.raises(Refusal):
            read_npi(wrong)


@pytest.mark.parametrize(
    ("symptoms", "signs", "met"),
    [(4, 2, (True, True)), (3, 2, (True, False)), (2, 4, (False, False)), (4, 1, (False, False)), (3, 4, (True, False))],
)
def test_budapest_counts_groups(symptoms, signs, met):
    told = dict.fromkeys((*SYMPTOMS[:symptoms], *SIGNS[:signs], "continuing_pain", "no_better_diagnosis"), True)
    found = budapest(told)
    assert (found.clinical, found.research) == met
    assert not budapest(told | {"no_better_diagnosis": False}).clinical


def test_an_unusual_move_of_phase_is_named_and_an_unknown_phase_stops():
    assert odd_move("", "evaluation") == ""
    assert odd_move("evaluation", "maintenance") == "From evaluation straight to maintenance."
    assert odd_move("induction", "induction") == "The phase was induction already."
    with pytest.raises(Refusal):
        odd_move("", "booster")


def test_every_medicine_gets_a_line_and_none_that_asks_can_be_signed():
    lines = proposed([recognize(each) for each in ("Jardiance 10 mg", "lisinopril 10 mg", "Foobarol", "vitamin D")])
    assert [line.what for line in lines] == ["ask", "take", "ask", "take"]
    with pytest.raises(Refusal):
        check_lines([line.as_data() for line in lines])
    check_lines([replace(line, what="hold").as_data() for line in lines])
