"""What reached the patient: judged by the published delays, by mass balance, and by another road through the volumes."""

from __future__ import annotations

from fractions import Fraction

import numpy
from dosing_stories import KnownCourse, Story, after, known_courses
from hypothesis import given, settings
from hypothesis import strategies as st

from winddown.domain.dosing.accounting import pump_course
from winddown.domain.dosing.line import LineCourse, arrival_delay_min, line_course, line_words
from winddown.domain.quantities import parse_decimal
from winddown.domain.sessions.story import Event


def line_of(story: Story, until: float) -> LineCourse:
    return line_course(pump_course(story.events), story.events, until=after(until))


def infusion(*, line: object, primed: str) -> Story:
    """35 mL of 1 mg/mL at 52.5 mL/h: forty minutes."""
    return Story().bag(line=line, primed=primed).tell("started", 0, rate_ml_per_h="52.5").tell("infusion_completed", 40)


def test_through_seventeen_and_a_half_milliliters_of_diluent_the_drug_arrives_twenty_minutes_late():
    course = line_of(infusion(line="17.5", primed="diluent"), 40)
    assert course.reached_mg(after(20)) == 0
    assert course.reached_mg(after(40)) == Fraction(35, 2)
    assert (course.pumped_mg, course.in_line_mg) == (35, Fraction(35, 2))
    assert [(each.start_min, each.stop_min, each.mg_per_min) for each in course.arrivals] == [(20, 40, Fraction(7, 8))]
    assert arrival_delay_min(parse_decimal("17.5"), parse_decimal("52.5")) == 20
    assert course.sentence == "Pumped 35 mg; reached the patient 17.5 mg; in the line 17.5 mg."


def test_a_line_of_fifteen_to_twenty_milliliters_holds_43_to_57_percent_of_a_35_milliliter_dose():
    held_back = [line_of(infusion(line=line, primed="diluent"), 40).in_line_mg / 35 for line in (15, 20)]
    assert [round(float(share), 2) for share in held_back] == [0.43, 0.57]


def test_primed_with_drug_it_arrives_at_once_and_the_line_keeps_its_content():
    course = line_of(infusion(line="17.5", primed="drug"), 60)
    assert course.reached_mg(after(20)) == Fraction(35, 2)
    assert (course.reached_mg(after(60)), course.in_line_mg, course.primed_mg) == (35, Fraction(35, 2), Fraction(35, 2))


def test_a_flush_after_the_stop_is_a_bolus_of_what_the_line_holds():
    for primed, given_before in (("drug", Fraction(35)), ("diluent", Fraction(35, 2))):
        course = line_of(infusion(line="17.5", primed=primed).tell("line_flushed", 45, volume_ml=20, over_s=60), 60)
        assert course.reached_mg(after(45)) == given_before
        assert course.reached_mg(after(46)) == given_before + Fraction(35, 2)
        assert course.in_line_mg == 0
        last = course.arrivals[-1]
        assert (last.start_min, last.mg_per_min) == (45, 20)


def test_a_flush_smaller_than_the_line_gives_only_its_own_volume():
    course = line_of(infusion(line="17.5", primed="drug").tell("line_flushed", 45, volume_ml=10, over_s=60), 60)
    assert course.reached_mg(after(60)) == 45
    assert course.in_line_mg == Fraction(15, 2)


def test_a_flush_while_the_pump_runs_dilutes_what_follows_and_loses_nothing():
    story = Story().bag(line=10, primed="drug").tell("started", 0, rate_ml_per_h=60)
    course = line_of(story.tell("line_flushed", 10, volume_ml=4, over_s=120), 30)
    assert course.reached_mg(after(12)) == 10 + 6
    assert course.primed_mg + course.pumped_mg == course.reached_mg(after(30)) + course.in_line_mg == 40


def test_a_stronger_second_bag_reaches_the_patient_one_line_later():
    story = (
        Story()
        .bag(mg=100, ml=100, line=10, primed="drug")
        .tell("started", 0, rate_ml_per_h=60)
        .bag(20, mg=100, ml=50, line=10, primed="drug")
    )
    assert [(each.start_min, each.mg_per_min) for each in line_of(story, 40).arrivals] == [(0, 1), (30, 2)]


def test_a_hold_leaves_a_gap_in_what_the_model_is_given():
    story = Story().bag(line=10, primed="drug").tell("started", 0, rate_ml_per_h=60).tell("held", 10).tell("resumed", 15, rate_ml_per_h=30)
    model = line_of(story, 20).for_model()
    assert model.segments == ((0.0, 10.0, 1.0), (15.0, 20.0, 0.5))
    assert (model.start_at, model.certain_until_min, model.assumption) == (after(0), None, "")


def test_from_an_unreadable_rate_on_the_dose_is_a_floor_and_the_model_is_told_where():
    story = Story().bag(line=10, primed="diluent").tell("started", 0, rate_ml_per_h=60).tell("rate_reported", 15, raw="?")
    course = line_of(story.tell("rate_changed", 20, rate_ml_per_h=60), 30)
    assert course.for_model().certain_until_min == 15
    assert course.certain(after(15))
    assert not course.certain(after(16))
    assert course.reached_mg(after(30)) == 5 + 10


def test_a_bag_of_unknown_strength_is_unknown_only_once_it_arrives():
    story = Story().bag(line=10, primed="drug").tell("started", 0, rate_ml_per_h=60).tell("bag_hung", 20, bag="second")
    assert line_of(story, 60).certain_until == after(30)


def test_an_unrecorded_line_is_told_and_drawn_as_pumped():
    story = Story().tell("bag_hung", -5, total_mg=100, volume_ml=100).tell("started", 0, rate_ml_per_h=60)
    course = line_of(story, 10)
    assert course.reached_mg(after(10)) == 10
    assert course.assumption == "The line's volume or priming is not on file: drawn as if the drug arrived as it is pumped."
    assert [finding.code for finding in course.findings] == ["line_unknown"]


def test_a_second_bag_that_names_another_line_is_told():
    story = Story().bag(line=10, primed="drug").tell("started", 0, rate_ml_per_h=60).bag(20, line=17, primed="drug")
    assert [finding.code for finding in line_of(story, 40).findings] == ["line_differs"]


def test_the_words_before_the_start_give_the_delay_and_what_stays_behind():
    numbers = [parse_decimal(text) for text in ("17.5", "52.5", "1")]
    assert line_words(numbers[0], "diluent", numbers[1], numbers[2]) == (
        "17.5 mL line primed with diluent: the drug arrives about 20 min after the start, "
        "and 17.5 mg of it stays in the line unless flushed."
    )
    assert line_words(numbers[0], "drug", numbers[1], numbers[2]) == (
        "17.5 mL line primed with drug: it starts at once, and 17.5 mg stays in the line; a flush gives it as a bolus."
    )


def with_line(known: KnownCourse, line_ml: int, primed: str, flushes: list[tuple[int, int, int]]) -> list[Event]:
    events = list(known.events)
    for index, event in enumerate(events):
        if event.kind == "bag_hung":
            events[index] = Event(
                "bag",
                0,
                "bag_hung",
                event.happened_at,
                event.written_at,
                "nurse",
                {**event.data, "line_volume_ml": str(line_ml), "primed_with": primed},
            )
    for index, (second, volume_ml, over_s) in enumerate(flushes):
        at = after(seconds=second)
        events.append(
            Event(f"flush{index}", 90 + index, "line_flushed", at, at, "nurse", {"volume_ml": str(volume_ml), "over_s": str(over_s)})
        )
    return events


flushings = st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 60), st.integers(1, 300)), max_size=3)


@settings(max_examples=80, deadline=None)
@given(
    known=known_courses(),
    line_ml=st.integers(0, 60),
    primed=st.sampled_from(["drug", "diluent"]),
    flushes=flushings,
    second=st.integers(0, 7000),
)
def test_nothing_is_lost_and_nothing_is_made_in_the_line(
    known: KnownCourse, line_ml: int, primed: str, flushes: list[tuple[int, int, int]], second: int
):
    events = with_line(known, line_ml, primed, flushes)
    course = line_course(pump_course(events), events, until=after(seconds=second))
    assert course.primed_mg == (line_ml * known.strength if primed == "drug" else 0)
    assert course.primed_mg + known.ml_by(second) * known.strength == course.reached_mg(after(seconds=second)) + course.in_line_mg
    assert 0 <= course.in_line_mg <= line_ml * known.strength


@settings(max_examples=25, deadline=None)
@given(known=known_courses(), line_ml=st.integers(1, 30), primed=st.sampled_from(["drug", "diluent"]), flushes=flushings)
def test_what_left_the_line_is_found_again_in_what_went_in_before(
    known: KnownCourse, line_ml: int, primed: str, flushes: list[tuple[int, int, int]]
):
    """Another road: second by second in floats, the drug that left is the drug that had entered when the line was one volume behind."""
    flushed = [sum(volume / over for start, volume, over in flushes if start <= second < start + over) for second in range(known.seconds)]
    pumped = numpy.array([float(each) for each in known.each_second()])
    entered = numpy.concatenate([[0.0], numpy.cumsum(pumped + flushed)])
    drug = numpy.concatenate([[0.0], numpy.cumsum(pumped * float(known.strength))])
    from_priming = min(entered[-1], line_ml) * float(known.strength) * (primed == "drug")
    moving = numpy.concatenate([[True], numpy.diff(entered) > 0])
    expected = from_priming + float(numpy.interp(entered[-1] - line_ml, entered[moving], drug[moving], left=0.0))
    events = with_line(known, line_ml, primed, flushes)
    course = line_course(pump_course(events), events, until=after(seconds=known.seconds))
    assert abs(float(course.reached_mg(after(seconds=known.seconds))) - expected) < 1e-6
