"""A test in the record: drawn once, answered in rows that never change, read back as it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests import factories
from winddown.domain.refusals import NotAllowed, Refusal
from winddown.domain.sensory.plan import Plan
from winddown.domain.sensory.results import results_of
from winddown.record.base import RowIsWrittenOnce
from winddown.record.models import AuditEntry, SensoryEntry, SensoryTest
from winddown.record.queries import sensory as queries
from winddown.record.scope import at_practice
from winddown.services import body_maps, sensory

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SITES = {"control": "back-left-hand", "affected": "back-right-hand"}
NORMS = "site,sex,age_low,age_high,parameter,mean_log10,sd_log10,source\nhand,female,20,80,MPS,0.1,0.4,invented for a test\n"


@pytest.fixture
def inside(house):
    with at_practice(house.id):
        yield house


@pytest.fixture
def person(inside):
    return factories.patient(inside, now=NOW)


def begun(house, person, form="pinprick", **more):
    return sensory.begin(person, form, **SITES, by=house.nurse, now=NOW, **more)


def answered(house, test, ratings):
    """Every rated step gets the rating of its site."""
    rows = []
    for step in Plan.from_data(test.plan).steps:
        if step.kind in ("pinprick", "touch", "single", "train"):
            data = {"rating": str(ratings[step.site]), "way": "tap"}
            rows.append(
                sensory.enter(test, "answer", step=step.number, data=data, by=house.nurse, now=NOW + timedelta(seconds=step.number))
            )
    return rows


def test_the_order_is_drawn_once_and_kept(inside, person):
    key = uuid4()
    test = begun(inside, person, key=key)
    assert begun(inside, person, key=key).pk == test.pk
    assert SensoryTest.objects.count() == 1
    assert sensory.standing_of(test).next_step == Plan.from_data(test.plan).steps[0]
    assert begun(inside, person).plan["seed"] != test.plan["seed"]


def test_a_tap_sent_twice_is_one_answer_and_no_row_changes(inside, person):
    test, key = begun(inside, person), uuid4()
    told = {"step": 1, "data": {"rating": "30", "way": "tap"}, "by": inside.nurse, "key": key}
    first = sensory.enter(test, "answer", now=NOW, **told)
    again = sensory.enter(test, "answer", now=NOW + timedelta(minutes=3), **told)
    assert (again.pk, SensoryEntry.objects.count()) == (first.pk, 1)
    with pytest.raises(RowIsWrittenOnce):
        first.save(update_fields=["data"])


def test_an_answer_taken_back_stays_in_the_record_and_is_asked_again(inside, person):
    test = begun(inside, person)
    wrong = sensory.enter(test, "answer", step=1, data={"rating": "90", "way": "tap"}, by=inside.nurse, now=NOW)
    sensory.enter(test, "taken_back", step=1, takes_back=wrong.ref, by=inside.nurse, now=NOW + timedelta(seconds=2))
    assert sensory.standing_of(test).next_step.number == 1
    assert SensoryEntry.objects.count() == 2


def test_a_whole_test_says_how_much_more_the_affected_side_feels(inside, person):
    test = begun(inside, person)
    answered(inside, test, {"control": 25, "affected": 80})
    found = results_of(sensory.standing_of(test))
    assert found.ratio["mps"].value == pytest.approx(80.1 / 25.1)
    assert found.by_site["mps"]["affected"].complete


def test_an_answer_after_the_end_is_kept_and_marked(inside, person):
    test = begun(inside, person)
    sensory.enter(test, "stopped", data={"because": "too painful"}, by=inside.nurse, now=NOW)
    late = sensory.enter(test, "answer", step=1, data={"rating": "30", "way": "tap"}, by=inside.nurse, now=NOW + timedelta(minutes=1))
    assert late.odd == "Came after the test was stopped."
    assert sensory.standing_of(test).done_count == 1


@pytest.mark.parametrize(
    ("kind", "told", "code"),
    [
        ("answer", {"step": 99, "data": {"rating": "3", "way": "tap"}}, "step_unknown"),
        ("answer", {"step": 1, "data": {"rating": "130", "way": "tap"}}, "rating_range"),
        ("stopped", {}, "reason_missing"),
        ("skipped", {"step": 1}, "reason_missing"),
        ("taken_back", {"step": 1, "takes_back": uuid4()}, "entry_unknown"),
        ("guessed", {}, "unknown_sensory_entry"),
    ],
)
def test_what_cannot_be_is_refused_by_name(inside, person, kind, told, code):
    with pytest.raises(Refusal) as refused:
        sensory.enter(begun(inside, person), kind, by=inside.nurse, now=NOW, **told)
    assert refused.value.code == code


def test_another_persons_test_cannot_be_repeated_and_the_front_desk_tests_nobody(inside, person):
    other = factories.patient(inside, now=NOW)
    with pytest.raises(NotAllowed):
        begun(inside, other, repeats=begun(inside, person))
    with pytest.raises(NotAllowed):
        sensory.begin(person, "pinprick", **SITES, by=inside.front_desk, now=NOW)
    with pytest.raises(NotAllowed):
        sensory.load_norms(NORMS, "a license", by=inside.nurse, now=NOW)


def test_norms_are_loaded_whole_with_their_license_and_can_be_withdrawn(inside):
    with pytest.raises(Refusal):
        sensory.load_norms(NORMS, " ", by=inside.director, now=NOW)
    sensory.load_norms(NORMS, "licensed to this invented clinic", by=inside.director, now=NOW)
    table, rows = queries.norms_in_use()
    assert (table.license, len(rows), rows[0].parameter) == ("licensed to this invented clinic", 1, "MPS")
    sensory.withdraw_norms("license ended", by=inside.director, now=NOW + timedelta(days=1))
    assert queries.norms_in_use()[1] == ()


def test_each_begin_and_end_leaves_a_line_in_the_audit(inside, person):
    test = begun(inside, person)
    sensory.enter(test, "finished", by=inside.nurse, now=NOW)
    acts = list(AuditEntry.objects.filter(subject=str(test.ref)).order_by("id").values_list("act", flat=True))
    assert acts == ["begin sensory test", "sensory test finished"]


def test_a_body_map_is_kept_in_the_order_of_the_map_and_an_empty_one_must_be_meant(inside, person):
    made = body_maps.mark(person, ["front-left-wrist", "front-left-hand"], worst="front-left-hand", by=inside.nurse, now=NOW)
    assert (made.regions, made.worst) == (["front-left-wrist", "front-left-hand"], "front-left-hand")
    with pytest.raises(Refusal):
        body_maps.mark(person, [], by=inside.nurse, now=NOW)
    nothing = body_maps.mark(person, [], nothing_hurts=True, by=inside.nurse, now=NOW + timedelta(days=1))
    assert [row.pk for row in body_maps.maps_of(person)] == [nothing.pk, made.pk]
    corrected = body_maps.mark(person, ["front-left-hand"], supersedes=nothing, by=inside.nurse, now=NOW + timedelta(days=2))
    assert [row.pk for row in body_maps.maps_of(person)] == [corrected.pk, made.pk]


def test_a_patients_own_map_needs_no_staff_and_a_staff_map_does(inside, person):
    assert body_maps.mark(person, ["front-left-hand"], source="patient", now=NOW).by is None
    with pytest.raises(Exception, match="staff_map_has_a_writer"):
        body_maps.mark(person, ["front-left-hand"], source="staff", now=NOW)
