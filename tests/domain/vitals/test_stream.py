"""The stream labels every reading and drops none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winddown.domain.refusals import UnknownWord
from winddown.domain.vitals.kinds import KINDS, kind_of
from winddown.domain.vitals.reading import LABELS, Reading
from winddown.domain.vitals.stream import Context, accept, accept_set, gaps

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def read(kind: str, value: float | None, seconds: float = 0, *, delay_s: float = 1, **more: object) -> Reading:
    given_fields: dict[str, object] = {
        "id": f"{kind}-{seconds}-{value}",
        "unit": KINDS[kind].unit if kind in KINDS else "1",
        "observed_at": at(seconds),
        "received_at": at(seconds + delay_s),
        "source": "monitor",
        "device": "monitor-3",
    }
    return Reading(kind=kind, value=value, **{**given_fields, **more})  # type: ignore[arg-type]


def labels(readings: list[Reading]) -> list[str]:
    _, judged = accept_set(Context(), readings)
    return [judgement.label for _, judgement in judged]


def test_a_plain_reading_is_accepted():
    assert accept(Context(), read("spo2", 97)).label == "accepted"


def test_the_same_reading_sent_twice_is_a_duplicate_and_a_new_value_at_the_same_time_is_not():
    assert labels([read("systolic", 122), read("systolic", 122), read("systolic", 124)]) == ["accepted", "duplicate", "accepted"]


@pytest.mark.parametrize("kind", ["spo2", "pulse_rate", "heart_rate", "systolic"])
def test_a_zero_from_a_probe_is_an_artefact_that_points_at_the_patient(kind):
    judgement = accept(Context(), read(kind, 0))
    assert (judgement.label, judgement.because) == ("artefact", "zero: probe or lead off, or no pulse found; look at the patient")


@pytest.mark.parametrize("kind", ["respiratory_rate", "etco2"])
def test_a_zero_that_may_mean_no_breath_is_never_taken_for_a_fault(kind):
    assert accept(Context(), read(kind, 0)).usable


def test_a_kind_without_a_number_is_kept_as_an_artefact():
    assert accept(Context(), read("spo2", None)).because == "the device sent no number"


def test_systolic_below_diastolic_throws_both_halves_of_that_measurement_out():
    assert labels([read("systolic", 80), read("diastolic", 95), read("mean_pressure", 85)]) == ["artefact", "artefact", "accepted"]


def test_a_diastolic_that_arrives_alone_is_judged_against_the_systolic_before_it():
    first = read("systolic", 80)
    context = Context().after(first, accept(Context(), first))
    assert accept(context, read("diastolic", 95)).because == "systolic 80 is not above diastolic 95"


def test_a_pulse_that_leaps_to_277_for_one_reading_is_doubted():
    assert labels([read("pulse_rate", 90, 0), read("pulse_rate", 277, 60), read("pulse_rate", 92, 120)]) == [
        "accepted",
        "artefact",
        "accepted",
    ]


def test_a_leap_that_the_next_reading_confirms_is_believed():
    assert labels([read("pulse_rate", 80, 0), read("pulse_rate", 178, 1), read("pulse_rate", 181, 2)]) == [
        "accepted",
        "artefact",
        "accepted",
    ]


def test_a_leap_that_the_other_pulse_signal_shows_too_is_believed_at_once():
    story = [
        read("heart_rate", 80, 0),
        read("pulse_rate", 80, 0),
        read("heart_rate", 90, 1),
        read("heart_rate", 170, 2),
        read("heart_rate", 172, 3),
    ]
    assert labels([*story, read("pulse_rate", 171, 3)])[-1] == "accepted"


def test_a_saturation_that_falls_slowly_is_never_doubted():
    assert set(labels([read("spo2", 98 - second, second) for second in range(30)])) == {"accepted"}


def test_a_reading_older_than_one_already_here_is_late():
    assert labels([read("spo2", 97, 10), read("spo2", 96, 5)]) == ["accepted", "late"]


def test_a_late_hand_entry_keeps_both_times_and_still_counts():
    judgement = accept(Context(), read("systolic", 190, 0, delay_s=360, source="hand", device=""))
    assert (judgement.label, judgement.because, judgement.usable) == ("late", "received 360 s after it was observed, limit 300 s", True)


@pytest.mark.parametrize(("delay_s", "suspect"), [(90, False), (91, True), (-90, False), (-91, True)])
def test_a_live_device_more_than_90_s_off_waits_unattached(delay_s, suspect):
    judgement = accept(Context(), read("spo2", 97, delay_s=delay_s))
    assert (judgement.clock_suspect, judgement.usable) == (suspect, not suspect)


def test_an_old_cuff_pressure_in_a_fresh_message_is_late_but_the_clock_is_trusted():
    judgement = accept(Context(), read("systolic", 117, 0, delay_s=23_816, sent_at=at(23_815)))
    assert (judgement.label, judgement.clock_suspect) == ("late", False)


def test_a_value_the_device_did_not_validate_is_kept_marked_and_still_alarms():
    judgement = accept(Context(), read("spo2", 84, status="X", verified=False))
    assert (judgement.label, judgement.usable) == ("not_verified", True)


def test_a_test_message_never_becomes_the_patients():
    judgement = accept(Context(), read("spo2", 84, demo=True))
    assert (judgement.label, judgement.usable) == ("demo", False)


def test_a_foreign_unit_is_labelled_and_not_converted():
    assert accept(Context(), read("etco2", 5.1, unit="kPa")).because == "unit 'kPa', expected 'mm[Hg]': not converted by a guess"


def test_an_unknown_kind_of_reading_is_a_fact_and_kept_but_a_request_for_it_is_refused():
    assert accept(Context(), read("cardiac_output", 5.0)).label == "implausible"
    with pytest.raises(UnknownWord):
        kind_of("cardiac_output")


def test_a_silence_is_a_gap_with_both_ends():
    assert gaps([at(0), at(1), at(31)], expected_every_s=1, until=at(40)) == [(at(1), at(31)), (at(31), at(40))]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.one_of(st.none(), st.floats(-50, 400)), st.integers(0, 300)), max_size=25))
def test_every_reading_comes_back_with_a_label_whatever_arrives(rows):
    readings = [read(kind, value, second) for kind, value, second in rows]
    _, judged = accept_set(Context(), readings)
    assert [reading.id for reading, _ in judged] == [reading.id for reading in readings]
    assert {reading.label for reading, _ in judged} <= set(LABELS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.floats(30, 100)), min_size=1, max_size=20))
def test_a_message_repeated_whole_changes_nothing(rows):
    readings = [read("spo2", value, second) for second, value in rows]
    context, _ = accept_set(Context(), readings)
    again, judged = accept_set(context, readings, seen={reading.identity for reading in readings})
    assert again == context
    assert {judgement.label for _, judgement in judged} == {"duplicate"}
