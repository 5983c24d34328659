"""The programmed dose, judged by courses whose truth was drawn before the events were."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from dosing_stories import KnownCourse, Story, after, known_courses
from hypothesis import given, settings
from hypothesis import strategies as st

from winddown.domain.dosing.accounting import pump_course
from winddown.domain.dosing.course import PumpCourse


def course_of(story: Story) -> PumpCourse:
    return pump_course(story.events)


def kinds(course: PumpCourse) -> list[str]:
    return [segment.kind for segment in course.segments]


def codes(course: PumpCourse) -> list[str]:
    return [finding.code for finding in course.findings]


@settings(max_examples=150, deadline=None)
@given(known=known_courses(), data=st.data())
def test_the_dose_is_the_sum_of_every_stretch_in_any_order_with_repeats_and_corrections(known: KnownCourse, data: st.DataObject):
    course = pump_course(known.events)
    for second in [known.seconds, *data.draw(st.lists(st.integers(0, known.seconds), max_size=4))]:
        at = after(seconds=second)
        assert course.programmed_ml(at) == known.ml_by(second)
        assert course.programmed_mg(at) == known.ml_by(second) * known.strength
        assert course.programmed(at).certain


@settings(max_examples=60, deadline=None)
@given(known=known_courses(), instants=st.lists(st.integers(0, 7_000_000_000), min_size=2, max_size=5))
def test_the_dose_never_falls_and_splits_add_up(known: KnownCourse, instants: list[int]):
    course = pump_course(known.events)
    at = [after() + timedelta(microseconds=microseconds) for microseconds in sorted(instants)]
    doses = [course.programmed_mg(instant) for instant in at]
    assert doses == sorted(doses)
    parts = [sum((segment.mg_by(late) - segment.mg_by(early) for segment in course.segments), Fraction(0)) for early, late in pairwise(at)]
    assert sum(parts, doses[0]) == doses[-1]


@settings(max_examples=60, deadline=None)
@given(known=known_courses())
def test_stretches_touch_and_never_overlap(known: KnownCourse):
    segments = pump_course(known.events).segments
    for earlier, later in pairwise(segments):
        assert earlier.stop is not None
        assert earlier.stop <= later.start


def test_thirty_five_milligrams_over_forty_minutes():
    course = course_of(Story().bag().tell("started", 0, rate_ml_per_h="52.5").tell("infusion_completed", 40))
    assert course.programmed_mg(after(40)) == 35
    assert course.programmed_mg(after(20)) == Fraction(35, 2)
    assert course.programmed(after(600)).sentence == "35 mg programmed, 35 mL."
    assert kinds(course) == ["running"]
    assert course.findings == ()


def test_a_third_of_a_milligram_stays_a_third():
    course = course_of(Story().bag(mg=100, ml=300).tell("started", 0, rate_ml_per_h="20").tell("stopped", 3))
    assert course.programmed_mg(after(3)) == Fraction(1, 3)
    assert course.programmed(after(3)).mg_to_a_tenth == Decimal("0.3")


def test_a_hold_stops_the_sum_and_a_resumption_goes_on_at_its_own_rate():
    course = course_of(
        Story()
        .bag()
        .tell("started", 0, rate_ml_per_h=60)
        .tell("held", 10, because="pressure")
        .tell("resumed", 15, rate_ml_per_h=30)
        .tell("stopped", 25)
    )
    assert kinds(course) == ["running", "held", "running"]
    assert course.programmed_mg(after(25)) == 10 + 5


def test_a_bolus_runs_in_place_of_the_set_rate_and_is_given_whole_through_a_hold():
    course = course_of(
        Story()
        .bag()
        .tell("started", 0, rate_ml_per_h=60)
        .tell("bolus_given", 10, volume_ml=5, over_s=120)
        .tell("held", 11)
        .tell("stopped", 20)
    )
    assert [(segment.kind, segment.rate_ml_per_h) for segment in course.segments] == [("running", 60), ("bolus", 150), ("held", 0)]
    assert course.programmed_ml(after(20)) == 15


def test_a_bolus_without_a_time_still_counts_its_whole_volume():
    assert course_of(Story().bag().tell("bolus_given", 0, volume_ml=4)).programmed_ml(after(1)) == 4


def test_a_running_pump_goes_on_until_somebody_says_otherwise():
    course = course_of(Story().bag().tell("started", 0, rate_ml_per_h=60))
    assert course.segments[0].stop is None
    assert course.programmed_ml(after(90)) == 90


def test_more_than_the_bag_held_is_told_and_not_clipped():
    course = course_of(Story().bag(mg=50, ml=50).tell("started", 0, rate_ml_per_h=60))
    assert course.overrun(after(50)) is None
    overrun = course.overrun(after(55))
    assert overrun is not None
    assert (overrun.code, overrun.value, overrun.limit) == ("more_than_the_bag_held", "55", "50")
    assert course.programmed_ml(after(55)) == 55


def test_a_second_bag_counts_at_its_own_concentration():
    story = Story().bag(mg=100, ml=100).tell("started", 0, rate_ml_per_h=60).bag(10, mg=100, ml=50).tell("stopped", 20)
    assert course_of(story).programmed_mg(after(20)) == 10 + 20


# --- whose word counts ----------------------------------------------------------------------------------------------------------


def test_the_pump_wins_from_its_report_and_the_disagreement_is_told_with_both_numbers():
    course = course_of(Story().bag().tell("started", 0, rate_ml_per_h=30).tell("rate_reported", 10, rate_ml_per_h=60).tell("stopped", 20))
    assert course.programmed_ml(after(20)) == 5 + 10
    assert [finding.sentence for finding in course.findings] == [
        "The pump reports 60 mL/h; the rate entered is 30 mL/h. The dose counts the pump's."
    ]
    assert course.findings[0].at == after(10)


def test_at_the_same_instant_the_pump_is_believed():
    for order in (("rate_changed", "rate_reported"), ("rate_reported", "rate_changed")):
        story = Story().bag().tell("started", 0, rate_ml_per_h=30)
        for kind in order:
            story.tell(kind, 10, rate_ml_per_h=60 if kind == "rate_reported" else 40)
        assert course_of(story).programmed_ml(after(20)) == 5 + 10


def test_an_entry_after_the_report_holds_until_the_next_report():
    story = (
        Story()
        .bag()
        .tell("started", 0, rate_ml_per_h=30)
        .tell("rate_reported", 10, rate_ml_per_h=60)
        .tell("rate_changed", 20, rate_ml_per_h=90)
    )
    assert course_of(story).programmed_ml(after(30)) == 5 + 10 + 15


def test_a_pump_that_speaks_a_minute_before_the_nurse_taps_is_no_disagreement():
    story = Story().bag().tell("rate_reported", 0, rate_ml_per_h=60).tell("started", 1, rate_ml_per_h=60)
    story.tell("rate_reported", 10, rate_ml_per_h=0).tell("held", 11)
    course = course_of(story)
    assert course.findings == ()
    assert course.programmed_ml(after(60)) == 10


def test_a_pump_that_repeats_itself_is_told_once():
    story = Story().bag().tell("started", 0, rate_ml_per_h=30)
    for minute in range(5, 60, 5):
        story.tell("rate_reported", minute, rate_ml_per_h=60)
    course = course_of(story)
    assert codes(course) == ["pump_and_entry_disagree"]
    assert len(course.segments) == 2


def test_a_flow_reported_during_a_hold_counts_and_is_told():
    course = course_of(Story().bag().tell("started", 0, rate_ml_per_h=60).tell("held", 10).tell("rate_reported", 15, rate_ml_per_h=60))
    assert course.programmed_ml(after(25)) == 10 + 10
    assert course.findings[0].sentence == "The pump reports 60 mL/h; the record says held. The dose counts the pump's."
    assert course.findings[0].severity == "stop"


def test_a_flow_reported_after_the_end_counts_and_ends_with_the_pump():
    story = Story().bag().tell("started", 0, rate_ml_per_h=60).tell("stopped", 10)
    story.tell("rate_reported", 20, rate_ml_per_h=60).tell("rate_reported", 25, rate_ml_per_h=0)
    course = course_of(story)
    assert course.programmed_ml(after(60)) == 15
    assert [(segment.start, segment.stop) for segment in course.segments] == [(after(0), after(10)), (after(20), after(25))]
    assert codes(course) == ["pump_and_entry_disagree"]


def test_the_pump_reports_no_flow_while_the_record_runs():
    course = course_of(Story().bag().tell("started", 0, rate_ml_per_h=60).tell("rate_reported", 10, rate_ml_per_h=0))
    assert course.programmed_ml(after(30)) == 10
    assert course.findings[0].sentence == "The pump reports no flow; the rate entered is 60 mL/h. The dose counts the pump's."


def test_a_rate_entered_during_a_hold_does_not_restart_the_pump_and_says_so():
    course = course_of(Story().bag().tell("started", 0, rate_ml_per_h=60).tell("held", 10).tell("rate_changed", 12, rate_ml_per_h=30))
    assert course.programmed_ml(after(60)) == 10
    assert codes(course) == ["odd_rate_changed"]


# --- the unknown ----------------------------------------------------------------------------------------------------------------


def test_a_raw_report_makes_the_course_unknown_until_a_known_rate():
    story = (
        Story()
        .bag()
        .tell("started", 0, rate_ml_per_h=60)
        .tell("rate_reported", 10, raw="12.5 mcg/kg/min")
        .tell("rate_changed", 20, rate_ml_per_h=60)
    )
    course = course_of(story)
    assert kinds(course) == ["running", "unknown", "running"]
    assert course.programmed(after(10)).certain
    programmed = course.programmed(after(30))
    assert (programmed.ml, programmed.certain) == (20, False)
    assert programmed.sentence == (
        "At least 20 mg programmed, 20 mL. Part of the course is unknown: the pump sent '12.5 mcg/kg/min', which is no rate in mL/h."
    )
    assert codes(course) == ["rate_unknown"]


def test_a_rate_without_a_concentration_counts_milliliters_and_no_milligrams():
    course = course_of(Story().tell("started", 0, rate_ml_per_h=60).bag(10).tell("stopped", 20))
    assert kinds(course) == ["unknown", "running"]
    assert (course.programmed_ml(after(20)), course.programmed_mg(after(20))) == (20, 10)
    assert not course.programmed(after(20)).certain


def test_a_negative_or_missing_rate_is_unknown_and_never_zero():
    for data in ({"rate_ml_per_h": "-5"}, {"rate_ml_per_h": "fast"}, {}):
        course = course_of(Story().bag().tell("started", 0, **data))
        assert kinds(course) == ["unknown"]


def test_a_bag_that_contradicts_itself_is_reckoned_from_its_contents_and_told():
    course = course_of(Story().bag(mg=100, ml=109, concentration_mg_per_ml="1").tell("started", 0, rate_ml_per_h=60))
    assert course.programmed_mg(after(60)) == Fraction(6000, 109)
    assert course.findings[0].sentence == (
        "The bag says 1 mg/mL, but 100 mg in 109 mL is 0.917 mg/mL. The dose is reckoned from the mg and the mL."
    )


def test_a_tenfold_contradiction_in_the_bag_makes_the_milligrams_unknown():
    course = course_of(Story().bag(mg=100, ml=100, concentration_mg_per_ml="10").tell("started", 0, rate_ml_per_h=60))
    assert kinds(course) == ["unknown"]
    assert course.findings[0].code == "bag_contradicts_itself"
    assert course.findings[0].severity == "stop"


def test_a_rounded_concentration_beside_exact_contents_is_no_contradiction():
    course = course_of(Story().bag(mg=100, ml=102, concentration_mg_per_ml="0.98").tell("started", 0, rate_ml_per_h=51).tell("stopped", 60))
    assert course.programmed_mg(after(60)) == 50
    assert course.findings == ()


def test_an_empty_story_gave_nothing():
    course = pump_course([])
    assert (course.segments, course.programmed_mg(after(0))) == ((), 0)
