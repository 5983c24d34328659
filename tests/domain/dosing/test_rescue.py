"""As-needed lines: the maximum, the interval and the allergy, judged on the story as it stands."""

from __future__ import annotations

from decimal import Decimal

from dosing_stories import Story, after
from dosing_tables import protocol, told

from winddown.domain.dosing.rescue import RescueLine, line_from_protocol, may_give
from winddown.domain.quantities import Quantity

LINE = RescueLine("ond", "ondansetron", Quantity(Decimal(4), "mg"), "intravenous", "nausea", 2, Decimal(30), ("ondansetron",))


def given(*minutes: float) -> Story:
    story = Story()
    for minute in minutes:
        story.tell("rescue_given", minute, order_line="ond", drug="ondansetron", dose="4 mg", route="intravenous")
    return story


def test_a_first_dose_with_confirmed_allergies_is_allowed():
    assert may_give(LINE, given().events, after(0), allergies=[]) == []


def test_a_dose_too_soon_says_how_long_to_wait():
    (finding,) = may_give(LINE, given(0).events, after(20), allergies=[])
    assert (finding.code, finding.severity) == ("too_soon", "stop")
    assert finding.sentence == "ondansetron was given 20 min ago; the line says not within 30 min."
    assert finding.way_out == "Wait 10 min, or call the prescriber."
    assert may_give(LINE, given(0).events, after(30), allergies=[]) == []


def test_the_maximum_counts_every_dose_of_the_drug_but_not_a_retracted_one():
    story = given(0, 40)
    assert told(may_give(LINE, story.events, after(90), allergies=[])) == "stop maximum_given"
    story.tell("retracted", 95, supersedes="e1")
    assert may_give(LINE, story.events, after(96), allergies=[]) == []


def test_the_same_drug_under_another_line_counts_too():
    story = Story().tell("rescue_given", 0, order_line="other", drug="Ondansetron", dose="8 mg", route="oral")
    assert told(may_give(LINE, story.events, after(5), allergies=[])) == "stop too_soon"


def test_an_allergy_stops_and_unconfirmed_allergies_ask():
    assert told(may_give(LINE, [], after(0), allergies=["Ondansetron: rash"])) == "stop allergy"
    assert told(may_give(LINE, [], after(0), allergies=None)) == "ask allergies_not_confirmed"
    assert may_give(LINE, [], after(0), allergies=["latex"]) == []


def test_the_published_adjunct_becomes_a_line_that_says_its_limits():
    (midazolam, _) = protocol("crps-outpatient-4h").dosing.as_needed
    line = line_from_protocol(midazolam)
    assert line is not None
    assert line.sentence == "midazolam 2 mg intravenous, for distress; the published protocol gave it in both arms; at most 2."
    assert told(may_give(line, [], after(0), allergies=["benzodiazepines"])) == "stop allergy"
