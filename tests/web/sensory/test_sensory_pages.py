"""The pages of pinprick tests and body maps: what they say, what they keep, how many questions they ask the database."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories
from tests.factories import sensory as made
from tests.web.people.desk import anyone, queries, signed_in, words_of
from winddown.domain.sensory.plan import Plan
from winddown.record.models import BodyMap, SensoryEntry, SensoryTest
from winddown.record.scope import at_practice
from winddown.services import links, sensory

NOW = datetime.now(tz=UTC)
NORMS = "site,sex,age_low,age_high,parameter,mean_log10,sd_log10,source\nhand,female,18,90,MPS,0.2,0.4,invented for a test\n"


@pytest.fixture
def person(house):
    with at_practice(house.id):
        return factories.patient(house, now=NOW - timedelta(days=60))


def whole(house, person, days_ago: int, **more) -> SensoryTest:
    with at_practice(house.id):
        return made.whole_test(house, person, NOW - timedelta(days=days_ago), seed=days_ago, **more)


def plain(response) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_a_test_is_begun_from_the_form_and_sent_twice_it_is_one(house, person):
    nurse, key = signed_in(house, "nurse"), str(uuid4())
    told = {"form": "bedside", "affected": "back-right-hand", "control": "back-left-hand", "key": key}
    for _ in range(2):
        answer = nurse.post(f"/patients/{person.ref}/sensory/new/", told)
        assert answer.status_code == 302
    with at_practice(house.id):
        test = SensoryTest.objects.get()
    assert answer["Location"] == f"/patients/{person.ref}/sensory/tests/{test.ref}/run/"
    assert str(test.ref) == key


def test_one_place_for_both_sites_is_refused_at_its_field_and_nothing_typed_is_lost(house, person):
    told = {"form": "full", "affected": "back-right-hand", "control": "back-right-hand"}
    answer = signed_in(house, "nurse").post(f"/patients/{person.ref}/sensory/new/", told)
    assert answer.status_code == 422
    assert "The control site and the affected site are both the back of the right hand." in words_of(answer)
    assert 'value="full" checked' in words_of(answer)


def test_without_a_script_a_whole_test_goes_form_by_form_to_its_result(house, person):
    nurse = signed_in(house, "nurse")
    with at_practice(house.id):
        test = sensory.begin(person, "pinprick", **made.SITES, by=house.nurse, now=NOW)
    run = f"/patients/{person.ref}/sensory/tests/{test.ref}/run/"
    for step in Plan.from_data(test.plan).steps:
        page = words_of(nurse.get(run))
        assert f">{step.force_mn}</b>" in page
        answer = {"kind": "answer", "step": step.number, "rating": "80" if step.site == "affected" else "20", "way": "tap"}
        assert nurse.post(run.replace("run", "entries"), answer)["Location"] == run
    end = nurse.post(run.replace("run", "entries"), {"kind": "finished"})["Location"]
    assert "256 mN: 8 of 10 against 2 of 10" in plain(nurse.get(end))


def test_a_tap_keeps_its_own_time_and_comes_once(house, person):
    nurse, key = signed_in(house, "nurse"), str(uuid4())
    with at_practice(house.id):
        test = sensory.begin(person, "pinprick", **made.SITES, by=house.nurse, now=NOW - timedelta(minutes=20))
    at = NOW - timedelta(minutes=10)
    told = {"kind": "answer", "step": 1, "rating": "40", "way": "tap", "key": key, "happened_at": at.isoformat()}
    url = f"/patients/{person.ref}/sensory/tests/{test.ref}/entries/"
    for _ in range(2):
        assert nurse.post(url, told, headers={"Accept": "application/json"}).json() == {"kept": key, "odd": ""}
    with at_practice(house.id):
        row = SensoryEntry.objects.get()
    assert row.happened_at == at
    assert row.written_at > at + timedelta(minutes=9)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"kind": "answer", "step": "1", "rating": "140", "way": "tap"}, "rating_range"),
        ({"kind": "answer", "step": "one"}, "step_unknown"),
        ({"kind": "taken_back", "takes_back": "not a reference"}, "entry_unknown"),
        ({"kind": "stopped"}, "reason_missing"),
    ],
)
def test_what_cannot_be_is_refused_in_words_the_page_can_show(house, person, told, code):
    with at_practice(house.id):
        test = sensory.begin(person, "pinprick", **made.SITES, by=house.nurse, now=NOW)
    url = f"/patients/{person.ref}/sensory/tests/{test.ref}/entries/"
    answer = signed_in(house, "nurse").post(url, told, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_result_says_eight_against_two_or_three_and_shows_no_z_of_its_own_making(house, person):
    test = whole(house, person, 3)
    page = plain(signed_in(house, "nurse").get(f"/patients/{person.ref}/sensory/tests/{test.ref}/"))
    seen = re.search(r"256 mN: ([\d.]+) of 10 against ([\d.]+) of 10", page)
    assert float(seen[1]) >= 7.5
    assert 2 <= float(seen[2]) <= 3
    assert "No licensed norms are loaded, so there is no z." in page
    assert "No dose hangs on them." in page


def test_a_full_test_with_licensed_norms_shows_z_with_its_source(house, person):
    director = signed_in(house, "director")
    file = SimpleUploadedFile("norms.csv", NORMS.encode())
    assert director.post("/sensory/norms/", {"file": file, "license": "given to this invented clinic"}).status_code == 302
    test = whole(house, person, 3, form="full")
    page = plain(signed_in(house, "nurse").get(f"/patients/{person.ref}/sensory/tests/{test.ref}/"))
    assert "invented for a test" in page
    assert "outside ±1.96" in page
    assert "Norms: given to this invented clinic" in page
    assert director.post("/sensory/norms/", {"because": "the license ended"}).status_code == 302
    assert "outside ±1.96" not in plain(signed_in(house, "nurse").get(f"/patients/{person.ref}/sensory/tests/{test.ref}/"))


def test_a_bad_table_is_refused_whole_and_a_nurse_loads_none(house):
    file = SimpleUploadedFile("norms.csv", NORMS.replace("0.4", "0").encode())
    answer = signed_in(house, "director").post("/sensory/norms/", {"file": file, "license": "x"})
    assert answer.status_code == 422
    assert "Line 2: ages 18 to 90, SD 0 cannot be." in words_of(answer)
    assert signed_in(house, "nurse").get("/sensory/norms/").status_code == 403


def test_over_the_weeks_the_same_pinprick_then_and_now(house, person):
    whole(house, person, 40, strength=1.0)
    whole(house, person, 5, strength=0.2)
    page = plain(signed_in(house, "nurse").get(f"/patients/{person.ref}/sensory/"))
    seen = [float(each) for each in re.findall(r"256 mN: ([\d.]+) of 10 against", page)]
    assert len(seen) == 2
    assert seen[0] > seen[1] + 3
    assert "Opioid dose MME a day: none recorded" not in page
    assert "Area of pinprick hyperalgesia" in page


def test_another_site_is_not_drawn_on_the_same_line(house, person):
    before = NOW - timedelta(days=50)
    with at_practice(house.id):
        other = sensory.begin(person, "bedside", control="front-left-shin", affected="front-right-shin", by=house.nurse, now=before)
        sensory.enter(other, "finished", by=house.nurse, now=before)
    whole(house, person, 40)
    page = plain(signed_in(house, "nurse").get(f"/patients/{person.ref}/sensory/"))
    assert "1 finished test of another site or form is not in the picture." in page


def test_a_page_asks_the_same_number_of_questions_for_one_test_and_for_four(house, person):
    nurse = signed_in(house, "nurse")
    whole(house, person, 50)
    once = queries(nurse, f"/patients/{person.ref}/sensory/")
    for days in (40, 30, 20):
        whole(house, person, days)
    assert queries(nurse, f"/patients/{person.ref}/sensory/") == once


def test_repeats_by_the_same_and_by_another_tester_are_told_apart(house, person):
    with at_practice(house.id):
        for number in range(4):
            each = factories.patient(house, now=NOW - timedelta(days=60))
            first = made.whole_test(house, each, NOW - timedelta(days=9), seed=number)
            by = house.nurse if number < 2 else house.nurse_2
            made.whole_test(house, each, NOW - timedelta(days=8), seed=number + 10, by=by, repeats=first)
        late = made.whole_test(house, person, NOW - timedelta(days=30))
        made.whole_test(house, person, NOW - timedelta(days=2), repeats=late)
    page = plain(signed_in(house, "nurse").get("/sensory/"))
    assert "4 pairs count; 1 were left out." in page
    assert page.count("n 2, rough: few pairs") >= 4


def test_a_body_map_is_kept_and_laid_beside_the_one_before(house, person):
    nurse, url = signed_in(house, "nurse"), f"/patients/{person.ref}/body/"
    first = {"regions": ["back-right-hand", "back-right-wrist"], "source": "patient", "worst": "back-right-hand"}
    assert nurse.post(f"{url}new/", first).status_code == 302
    assert nurse.post(f"{url}new/", {"regions": ["back-right-hand", "back-right-shoulder"], "source": "staff"}).status_code == 302
    page = plain(nurse.get(url))
    assert "2 regions then, 2 regions now." in page
    assert "New: back of the right shoulder." in page
    assert "No longer: outer side of the right wrist." in page
    with at_practice(house.id):
        assert [row.worst for row in BodyMap.objects.order_by("id")] == ["back-right-hand", ""]


def test_an_empty_map_must_be_meant(house, person):
    nurse, url = signed_in(house, "nurse"), f"/patients/{person.ref}/body/new/"
    refused = nurse.post(url, {"source": "patient", "words": "only at night"})
    assert refused.status_code == 422
    assert "No region is marked." in words_of(refused)
    assert "only at night" in words_of(refused)
    assert nurse.post(url, {"source": "patient", "nothing_hurts": "1"}).status_code == 302
    assert "nothing hurts" in plain(nurse.get(f"/patients/{person.ref}/body/"))


def test_in_spanish_the_regions_and_the_reasons_are_spanish(house, person):
    nurse = signed_in(house, "nurse")
    test = whole(house, person, 3)
    page = plain(nurse.get(f"/patients/{person.ref}/sensory/tests/{test.ref}/", headers={"Accept-Language": "es"}))
    assert "dorso de la mano derecha" in page
    assert "back of the" not in page


def test_a_patient_marks_the_map_by_a_link_that_opens_nothing_else(house, person):
    desk = signed_in(house, "front_desk")
    page = html.unescape(desk.post(f"/patients/{person.ref}/body/link/").content.decode())
    address = re.search(r"http://localhost(/p/[\w-]+/)", page)[1]
    patient, key = anyone(), str(uuid4())
    assert patient.get(address)["Location"] == f"{address}map/"
    told = {"regions": ["front-left-knee"], "words": "on the stairs", "key": key}
    for _ in range(2):
        assert patient.post(f"{address}map/", told)["Location"] == f"{address}map/done/"
    assert "The clinic has your map." in plain(patient.get(f"{address}map/done/"))
    assert patient.get(f"{address}forms/").status_code == 404
    with at_practice(house.id):
        row = BodyMap.objects.get()
    assert (row.regions, row.source, row.by, row.words) == (["front-left-knee"], "patient", None, "on the stairs")
    assert "the patient" in plain(signed_in(house, "nurse").get(f"/patients/{person.ref}/body/"))


def test_an_empty_map_from_a_phone_is_asked_about_and_what_was_typed_stays(house, person):
    with at_practice(house.id):
        address = links.path_of(links.make(patient=person, purpose="map", now=datetime.now(tz=UTC), by=house.nurse))
    refused = anyone().post(f"{address}map/", {})
    assert refused.status_code == 422
    assert "No region is marked." in plain(refused)
