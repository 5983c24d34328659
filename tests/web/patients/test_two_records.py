"""Two records of one person, and a session charted on the wrong patient."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.web.people.desk import signed_in, words_of
from winddown.record.models import PatientFact, Session
from winddown.record.scope import at_practice
from winddown.services import patients


@pytest.fixture
def pair(house):
    """The record that stays, and a duplicate that alone knows of an allergy."""
    with at_practice(house.id):
        now = datetime.now(tz=UTC)
        stays, duplicate = factories.patient(house, given_name="Stays"), factories.patient(house, given_name="Double")
        patients.learn(duplicate, "allergy", {"substance": "Penicillin"}, by=house.nurse, observed_at=now, now=now)
        session = factories.session(house, factories.order(house, duplicate))
    return stays, duplicate, session


def merge(house, pair, because="same person, misspelt at the desk"):
    stays, duplicate, _session = pair
    return signed_in(house, "nurse").post(f"/patients/{duplicate.ref}/merge/", {"to": stays.record_number, "because": because}, follow=True)


def test_both_records_stand_side_by_side_before_they_are_merged(house, pair):
    stays, duplicate, _session = pair
    page = words_of(signed_in(house, "nurse").get(f"/patients/{duplicate.ref}/merge/", {"to": stays.record_number}))
    assert f"Closes: {duplicate.record_number}" in page
    assert f"Stays: {stays.record_number}" in page
    assert "Penicillin" in page


def test_an_allergy_that_only_the_duplicate_knew_stands_on_the_record_that_stays(house, pair):
    page = words_of(merge(house, pair))
    assert "<b>Penicillin</b>" in page
    assert f"from merged record {pair[1].record_number}" in page
    with at_practice(house.id):
        card = patients.card(pair[0])
        assert (card.allergies, card.no_known_allergies) == (("Penicillin",), False)


def test_what_both_records_knew_is_not_repeated(house, pair):
    merge(house, pair)
    with at_practice(house.id):
        assert PatientFact.objects.filter(patient=pair[0], kind="weight").count() == 1


def test_the_duplicate_leaves_the_list_points_at_the_other_and_takes_no_new_entry(house, pair):
    stays, duplicate, _session = pair
    merge(house, pair)
    nurse = signed_in(house, "nurse")
    assert "Double" not in words_of(nurse.get("/patients/"))
    page = words_of(nurse.get(f"/patients/{duplicate.ref}/"))
    assert f"This record was merged into {stays.record_number} and takes no new entries." in page
    assert "Add weight" not in page
    refused = nurse.post(f"/patients/{duplicate.ref}/facts/weight/", {"weight_kg": "70"})
    assert (refused.status_code, "Write there instead." in words_of(refused)) == (422, True)


def test_the_sessions_move_with_the_reason_and_both_charts_say_so(house, pair):
    stays, duplicate, session = pair
    merge(house, pair)
    nurse = signed_in(house, "nurse")
    with at_practice(house.id):
        assert Session.objects.get(pk=session.pk).patient == stays
    assert f"A session moved here from {duplicate.record_number}" in words_of(nurse.get(f"/patients/{stays.ref}/"))
    assert f"A session moved away to {stays.record_number}" in words_of(nurse.get(f"/patients/{duplicate.ref}/"))


def test_a_record_is_merged_neither_into_itself_nor_into_a_closed_or_unknown_one(house, pair):
    stays, duplicate, _session = pair
    nurse, path = signed_in(house, "nurse"), f"/patients/{stays.ref}/merge/"
    assert "That is this record itself." in words_of(nurse.post(path, {"to": stays.record_number, "because": "x"}))
    assert "No record W999999 that is open." in words_of(nurse.post(path, {"to": "W999999", "because": "x"}))
    merge(house, pair)
    assert f"No record {duplicate.record_number} that is open." in words_of(
        nurse.post(path, {"to": duplicate.record_number, "because": "x"})
    )


def test_a_merge_needs_a_reason_and_a_nurse(house, pair):
    _stays, duplicate, _session = pair
    assert "This field is required." in words_of(merge(house, pair, because=" "))
    assert signed_in(house, "front_desk").get(f"/patients/{duplicate.ref}/merge/").status_code == 403
    with at_practice(house.id):
        duplicate.refresh_from_db()
        assert duplicate.merged_into is None


def test_a_session_charted_on_the_wrong_patient_moves_whole(house, pair):
    stays, duplicate, session = pair
    nurse, path = signed_in(house, "nurse"), f"/patients/{duplicate.ref}/sessions/{session.ref}/move/"
    assert "moves whole to the right record" in words_of(nurse.get(path))
    nurse.post(path, {"to": stays.record_number, "because": "wrong chair on the list"})
    page = words_of(nurse.get(f"/patients/{stays.ref}/"))
    assert f"A session moved here from {duplicate.record_number}" in page
    assert "wrong chair on the list" in page
    assert nurse.get(path).status_code == 404
