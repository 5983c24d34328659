"""Patients as the front desk and the nurse find, read and write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from tests import factories
from tests.web.people.desk import queries, signed_in, words_of
from winddown.record.models import AuditEntry, Patient, PatientFact
from winddown.record.scope import at_practice
from winddown.services import patients

DAY = timedelta(days=1)


def make(house, **identity):
    with at_practice(house.id):
        return factories.patient(house, **identity)


def learn(house, patient, kind, data, *, ago=timedelta(0)):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        return patients.learn(patient, kind, data, by=house.nurse, observed_at=now - ago, now=now)


def newest(house, patient, kind):
    with at_practice(house.id):
        return PatientFact.objects.filter(patient=patient, kind=kind).order_by("-id").first()


def found(client, text):
    page = words_of(client.get("/patients/", {"q": text}))
    return [name for name in ("Alvarez", "Okafor", "Lindqvist") if f"{name}, " in page]


def trio(house):
    make(house, family_name="Alvarez", given_name="Rosa", birth_date=date(1968, 5, 17))
    make(house, family_name="Okafor", given_name="Daniel", birth_date=date(1990, 11, 2))
    return make(house, family_name="Lindqvist", given_name="Maja", birth_date=date(1975, 1, 30))


def test_three_letters_of_either_name_find_a_patient_and_two_do_not(house):
    trio(house)
    desk = signed_in(house, "front_desk")
    assert found(desk, "alv") == ["Alvarez"]
    assert found(desk, "MAJ") == ["Lindqvist"]
    assert found(desk, "okafor dan") == ["Okafor"]
    assert found(desk, "dan lin") == []
    assert found(desk, "al") == []
    assert "Type at least three letters." in words_of(desk.get("/patients/?q=al"))


def test_a_record_number_or_a_birth_date_as_people_write_them_find_a_patient(house):
    maja = trio(house)
    desk = signed_in(house, "front_desk")
    assert found(desk, maja.record_number.lower()) == ["Lindqvist"]
    for written in ("1990-11-02", "11/02/1990", "11/2/90"):
        assert found(desk, written) == ["Okafor"], written


def test_a_search_says_what_to_do_when_nobody_fits(house):
    page = words_of(signed_in(house, "front_desk").get("/patients/?q=zzz"))
    assert "Nobody fits" in page
    assert "search by birth date" in page


def test_the_list_shows_fifty_and_then_a_next_page(house):
    with at_practice(house.id):
        now = datetime.now(tz=UTC)
        for number in range(53):
            name = {"record_number": f"P{number:03}", "family_name": f"Fictional{number:03}", "given_name": "A"}
            Patient(**name, birth_date=date(1970, 1, 1), sex="male", created_at=now).save()
    desk = signed_in(house, "front_desk")
    assert words_of(desk.get("/patients/")).count("Fictional0") == 50
    assert words_of(desk.get("/patients/?page=2")).count("Fictional0") == 3
    assert 'href="?q=Fictional&amp;page=2"' in words_of(desk.get("/patients/?q=Fictional"))


def test_lists_and_pages_ask_as_often_for_one_row_as_for_three(house):
    with at_practice(house.id):
        first = factories.session(house).patient
    nurse, paths = signed_in(house, "nurse"), ("/patients/", f"/patients/{first.ref}/", f"/patients/{first.ref}/history/")
    few = [queries(nurse, path) for path in paths]
    with at_practice(house.id):
        now = datetime.now(tz=UTC)
        for number in range(1, 3):
            made = factories.order(house, first, now=now)
            factories.session(house, made, start=now + number * DAY, now=now)
            factories.session(house, start=now + number * DAY, chair=1, now=now)
            patients.learn(first, "allergy", {"substance": f"Fictional {number}"}, by=house.nurse_2, observed_at=now, now=now)
            patients.learn(first, "medicine", {"name": f"M{number}", "dose": "1 mg"}, by=house.nurse_2, observed_at=now, now=now)
            patients.sign_consent(first, signed_on=now.date(), expires_on=now.date() + DAY, words="", by=house.nurse_2, now=now)
    assert [queries(nurse, path) for path in paths] == few


def test_a_new_patient_gets_a_number_and_a_page(house):
    fields = {"family_name": "Novak", "given_name": "Iva", "birth_date": "1981-02-03", "sex": "female"}
    response = signed_in(house, "front_desk").post("/patients/new/", fields, follow=True)
    assert "Novak, Iva" in words_of(response)
    assert "W000001" in words_of(response)


def test_a_likely_duplicate_is_shown_with_its_record_and_passes_only_with_a_reason(house):
    maja = trio(house)
    desk = signed_in(house, "front_desk")
    fields = {"family_name": "Lindquist", "given_name": "Maja", "birth_date": "1975-01-30", "sex": "female"}
    asked = desk.post("/patients/new/", fields)
    assert asked.status_code == 422
    assert f'href="/patients/{maja.ref}/"' in words_of(asked)
    assert "Why this is another person" in words_of(asked)
    assert 'value="Lindquist"' in words_of(asked)
    passed = desk.post("/patients/new/", fields | {"although": "cousin, other address"})
    assert passed.status_code == 302
    with at_practice(house.id):
        made = Patient.objects.get(family_name="Lindquist")
        assert PatientFact.objects.get(patient=made, kind="identity").data["although"] == "cousin, other address"


def test_a_record_number_in_use_and_an_impossible_birth_date_are_refused(house):
    maja = trio(house)
    fields = {"family_name": "Novak", "given_name": "Iva", "birth_date": "1875-02-03", "sex": "female", "record_number": maja.record_number}
    page = words_of(signed_in(house, "front_desk").post("/patients/new/", fields))
    assert f"{maja.record_number} is in use" in page
    assert "3 Feb 1875 cannot be" in page


def test_allergies_stand_in_the_strip_and_silence_is_not_taken_for_none(house):
    nurse = signed_in(house, "nurse")
    with at_practice(house.id):
        now = datetime.now(tz=UTC)
        asked = patients.register(family_name="Silent", given_name="A", birth_date=date(1980, 1, 1), sex="male", by=house.nurse, now=now)
    assert "Allergies not recorded. Ask before any drug is given." in words_of(nurse.get(f"/patients/{asked.ref}/"))
    nurse.post(f"/patients/{asked.ref}/facts/no_known_allergies/")
    assert "Asked: no known allergies" in words_of(nurse.get(f"/patients/{asked.ref}/"))
    nurse.post(f"/patients/{asked.ref}/facts/allergy/", {"substance": "Latex", "reaction": "rash"})
    page = words_of(nurse.get(f"/patients/{asked.ref}/"))
    assert ("<b>Latex</b>" in page, "no known allergies" in page) == (True, False)


def test_the_front_desk_sees_who_and_when_but_nothing_clinical(house):
    patient = make(house)
    learn(house, patient, "allergy", {"substance": "Penicillin"})
    learn(house, patient, "medicine", {"name": "Gabapentin", "dose": "600 mg"})
    learn(house, patient, "phone", {"number": "555-0177"})
    desk = signed_in(house, "front_desk")
    page = words_of(desk.get(f"/patients/{patient.ref}/"))
    assert "555-0177" in page
    assert re.findall(r"Penicillin|Gabapentin|\bkg\b", page) == []
    assert desk.get(f"/patients/{patient.ref}/history/").status_code == 403
    assert desk.get(f"/patients/{patient.ref}/facts/allergy/").status_code == 403
    assert desk.post(f"/patients/{patient.ref}/facts/weight/", {"weight_kg": "80"}).status_code == 403
    assert desk.post(f"/patients/{patient.ref}/facts/phone/", {"number": "555-0178"}).status_code == 302


def test_the_page_and_the_service_agree_on_what_counts_now(house):
    patient = make(house)
    learn(house, patient, "weight", {"weight_kg": "91.5"}, ago=5 * DAY)
    old = learn(house, patient, "medicine", {"name": "Tramadol", "dose": "50 mg"})
    signed_in(house, "nurse").post(f"/patients/{patient.ref}/facts/{old.ref}/end/", {"because": "stopped on Monday"})
    page = words_of(signed_in(house, "nurse").get(f"/patients/{patient.ref}/"))
    with at_practice(house.id):
        card = patients.card(patient)
    assert (str(card.weight_kg), card.medicines) == ("70", ())
    assert '<p class="wd-strip-big">70 <small>kg</small>' in page
    assert "Tramadol, 50 mg" not in page
    assert "Medicine taken off the list: stopped on Monday" in page


def test_a_corrected_weight_replaces_the_wrong_one_and_both_stay_in_the_history(house):
    patient = make(house, weight_kg="170")
    wrong = newest(house, patient, "weight")
    nurse = signed_in(house, "nurse")
    nurse.post(f"/patients/{patient.ref}/facts/{wrong.ref}/correct/", {"weight_kg": "71.0"})
    with at_practice(house.id):
        assert str(patients.card(patient).weight_kg) == "71.0"
        assert newest(house, patient, "weight").observed_at == wrong.observed_at
    history = words_of(nurse.get(f"/patients/{patient.ref}/history/"))
    assert "<s>170 kg</s> <small>replaced</small>" in history
    again = nurse.get(f"/patients/{patient.ref}/facts/{wrong.ref}/correct/")
    assert (again.status_code, "replaced already" in words_of(again)) == (422, True)


def test_a_weight_that_cannot_be_is_refused_with_its_limits_and_stays_typed(house):
    patient = make(house)
    response = signed_in(house, "nurse").post(f"/patients/{patient.ref}/facts/weight/", {"weight_kg": "7.5"})
    assert response.status_code == 422
    assert "A weight of 7.5 kg is outside 20-350 kg." in words_of(response)
    assert 'value="7.5"' in words_of(response)


def test_what_was_so_earlier_keeps_both_times_and_the_future_is_refused(house):
    patient = make(house)
    nurse, path = signed_in(house, "nurse"), f"/patients/{patient.ref}/facts/weight/"
    # 08:15 in Sandusky, in winter, is 13:15 UTC
    nurse.post(path, {"weight_kg": "66", "observed_at": "2026-01-15T08:15"})
    assert newest(house, patient, "weight").observed_at == datetime(2026, 1, 15, 13, 15, tzinfo=UTC)
    assert "15 Jan 2026 08:15, Fictional Nurse · written" in words_of(nurse.get(f"/patients/{patient.ref}/"))
    ahead = (datetime.now(tz=UTC) + 2 * DAY).strftime("%Y-%m-%dT%H:%M")
    assert "This lies in the future." in words_of(nurse.post(path, {"weight_kg": "66", "observed_at": ahead}))


def test_consent_is_recorded_with_its_dates_and_withdrawn_in_the_patients_words(house):
    patient = make(house)
    nurse, page = signed_in(house, "nurse"), f"/patients/{patient.ref}/"
    assert "No consent in force" in words_of(nurse.get(page))
    today = date.today()
    bad = nurse.post(f"{page}consent/", {"signed_on": today.isoformat(), "expires_on": (today - DAY).isoformat()})
    assert (bad.status_code, "these dates cannot be" in words_of(bad)) == (422, True)
    nurse.post(
        f"{page}consent/", {"signed_on": (today - DAY).isoformat(), "expires_on": (today + 90 * DAY).isoformat(), "words": "version 3"}
    )
    assert "valid until" in words_of(nurse.get(page))
    nurse.post(f"{page}consent/withdraw/", {"words": "I do not want this any more"})
    after = words_of(nurse.get(page))
    assert ("No consent in force" in after, "I do not want this any more" in after, "version 3" in after) == (True, True, True)


def test_a_corrected_identity_changes_the_list_and_keeps_the_old_name_in_the_history(house):
    patient = make(house, family_name="Misspelt", given_name="Ann")
    fields = {"family_name": "Rightly", "given_name": "Ann", "birth_date": "1980-03-04", "sex": "female"}
    signed_in(house, "front_desk").post(f"/patients/{patient.ref}/identity/", fields)
    nurse = signed_in(house, "nurse")
    assert "Rightly, Ann" in words_of(nurse.get("/patients/?q=rig"))
    assert "Ann Misspelt, born 4 Mar 1980, female" in words_of(nurse.get(f"/patients/{patient.ref}/history/"))


def test_every_look_at_a_patient_leaves_a_line_with_who_and_which_page(house):
    patient = make(house)
    for role in ("nurse", "front_desk", "director"):
        signed_in(house, role).get(f"/patients/{patient.ref}/")
    with at_practice(house.id):
        lines = AuditEntry.objects.filter(patient=patient, act="read chart").order_by("id").values_list("by__name", "subject", "address")
        assert list(lines) == [
            ("Fictional Nurse", "patient page", "127.0.0.1"),
            ("Fictional Front Desk", "desk page", "127.0.0.1"),
            ("Fictional Director", "patient page", "127.0.0.1"),
        ]
