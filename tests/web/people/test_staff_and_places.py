"""Staff, roles, places and the audit trail, as an administrator works with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests import factories
from tests.web.people.desk import anyone, queries, signed_in, words_of
from winddown.record.models import AuditEntry, Location, Staff
from winddown.record.scope import at_practice
from winddown.services import audit, people, permissions
from winddown.web.people.forms import LocationForm
from winddown.web.people.words import ACTS, ROLE_NAMES

NOW = datetime(2026, 5, 4, 14, 0, tzinfo=UTC)


def person_of(house, name):
    with at_practice(house.id):
        return Staff.objects.get(name=name)


def place(house, **changed):
    fields = {"name": "Elyria", "time_zone": "America/New_York", "chairs": "2", "day_0": "8:00-12:00, 13:00-17:00"} | changed
    return signed_in(house, "administrator").post("/places/new/", fields)


def test_a_new_person_can_sign_in_at_once_and_do_what_the_role_may(house):
    fields = {
        "name": "Nova Fictional",
        "email": f"nova.{house.id}@example.test",
        "password": "twelve fictional words",
        "roles": ["front_desk"],
    }
    assert signed_in(house, "administrator").post("/staff/new/", fields)["Location"] == "/staff/"
    client = anyone()
    client.post("/accounts/login/", {"login": fields["email"], "password": fields["password"]})
    assert client.get("/patients/").status_code == 200
    assert client.get("/staff/").status_code == 403


def test_a_short_first_password_is_refused(house):
    fields = {"name": "Nova Fictional", "email": f"nova2.{house.id}@example.test", "password": "short", "roles": ["nurse"]}
    response = signed_in(house, "administrator").post("/staff/new/", fields)
    assert (response.status_code, "at least 12 characters" in words_of(response)) == (422, True)


def test_roles_change_what_a_person_may_do_at_the_next_click(house):
    nurse = signed_in(house, "nurse")
    assert nurse.get("/devices/").status_code == 200
    fields = {"name": "Fictional Nurse", "initials": "FN", "roles": ["front_desk"]}
    signed_in(house, "administrator").post(f"/staff/{house.nurse.ref}/", fields)
    refused = nurse.get("/devices/")
    assert (refused.status_code, "may not do this (device.manage)" in words_of(refused)) == (403, True)
    with at_practice(house.id):
        assert AuditEntry.objects.get(act="change staff").words == "nurse -> front_desk"


def test_the_last_administrator_keeps_the_role_and_the_door(house):
    admin = signed_in(house, "administrator")
    ref = house.administrator.ref
    fields = {"name": "Fictional Administrator", "initials": "FA", "roles": ["nurse"]}
    assert "is the only administrator" in words_of(admin.post(f"/staff/{ref}/", fields))
    assert "is the only administrator" in words_of(admin.post(f"/staff/{ref}/active/", {"active": "no"}))
    assert person_of(house, "Fictional Administrator").roles == ["administrator"]


def test_a_credential_is_shown_with_how_it_stands_today(house):
    admin, path = signed_in(house, "administrator"), f"/staff/{house.nurse.ref}/credentials/"
    admin.post(path, {"kind": "bls", "expires_on": (date.today() - timedelta(days=2)).isoformat()})
    assert "Basic life support (BLS): expired" in words_of(admin.get(f"/staff/{house.nurse.ref}/"))
    admin.post(path, {"kind": "bls", "expires_on": (date.today() + timedelta(days=10)).isoformat()})
    assert "Basic life support (BLS): expires soon" in words_of(admin.get("/staff/"))


def test_a_replaced_password_ends_every_sign_in_and_forgets_the_pin(house):
    nurse = signed_in(house, "nurse")
    new = "another fictional password 8"
    signed_in(house, "administrator").post(f"/staff/{house.nurse.ref}/password/", {"password": new})
    assert nurse.get("/account/").status_code == 302
    client = anyone()
    assert client.post("/accounts/login/", {"login": house.emails["nurse"], "password": new}).status_code == 302
    assert "Not set" in words_of(client.get("/account/"))


def test_every_act_of_the_permission_table_has_words():
    assert set(ACTS) == set(permissions.PERMISSIONS)
    assert set(ROLE_NAMES) == set(permissions.ROLES)


def test_roles_are_explained_to_everyone(house):
    page = words_of(signed_in(house, "front_desk").get("/staff/roles/"))
    assert "Controlled-drug officer" in page
    assert "record consent and its withdrawal" in page


def test_a_location_is_made_with_hours_and_chairs_in_order(house):
    assert place(house)["Location"] == "/places/"
    with at_practice(house.id):
        made = Location.objects.get(name="Elyria")
        assert made.hours == {"0": [["08:00", "12:00"], ["13:00", "17:00"]]}
        assert [chair.name for chair in made.chairs.all()] == ["Chair 1", "Chair 2"]


def test_hours_that_cannot_be_are_refused_and_what_was_typed_stays(house):
    for typed, why in (
        ("08:00-17:00, 16:00-18:00", "The hours overlap"),
        ("17:00-08:00", "closes before it opens"),
        ("eight to five", "is no span of time"),
    ):
        response = place(house, day_0=typed)
        assert (response.status_code, why in words_of(response), typed in words_of(response)) == (422, True, True), typed


def test_hours_read_back_as_they_were_typed(house):
    with at_practice(house.id):
        house.location.hours = {"5": [["09:00", "12:30"]]}
        page = LocationForm.of(house.location)
        assert 'value="09:00-12:30"' in str(page["day_5"])
        assert page["day_6"].value() == ""


def test_a_second_location_or_chair_of_the_same_name_is_refused(house):
    assert "exists already" in words_of(place(house, name="Sandusky"))
    admin = signed_in(house, "administrator")
    response = admin.post(f"/places/{house.location.ref}/chairs/", {"new-name": "Chair 1"})
    assert (response.status_code, "There is a 'Chair 1' here already." in words_of(response)) == (422, True)


def test_chairs_are_added_renamed_and_moved(house):
    admin = signed_in(house, "administrator")
    admin.post(f"/places/{house.location.ref}/chairs/", {"new-name": "Window"})
    first = house.chairs[0].ref
    admin.post(f"/places/chairs/{first}/", {f"{first}-name": "Door", f"{first}-position": "9"})
    with at_practice(house.id):
        assert [chair.name for chair in house.location.chairs.all()] == ["Chair 2", "Window", "Door"]


def test_staff_and_place_lists_ask_as_often_for_one_row_as_for_three(urls):
    house = factories.house(urls)
    admin = signed_in(house, "administrator")
    few = [queries(admin, path) for path in ("/staff/", "/places/", "/audit/")]
    with at_practice(house.id):
        for number in range(3):
            people.open_location(
                name=f"Place {number}", time_zone="America/Chicago", now=NOW, chairs=["One", "Two"], by=house.administrator
            )
            staff = people.employ(
                email=f"more{number}.{house.id}@example.test", password=factories.PASSWORD, name=f"More {number}", roles=["nurse"],
                practice=house.practice, now=NOW, home=house.location,
            )  # fmt: skip
            people.record_credential(staff, kind="bls", expires_on=date(2027, 1, 1), now=NOW)
    assert [queries(admin, path) for path in ("/staff/", "/places/", "/audit/")] == few


def test_the_audit_trail_is_filtered_by_record_person_and_day_of_the_place(house):
    with at_practice(house.id):
        patient = factories.patient(house)
        # 23:30 in Sandusky on 3 May is 03:30 UTC on 4 May
        audit.note("late act", by=house.nurse, now=datetime(2026, 5, 4, 3, 30, tzinfo=UTC), patient=patient)
        audit.note("other act", by=house.prescriber, now=NOW)
    director = signed_in(house, "director")
    by_record = words_of(director.get(f"/audit/?number={patient.record_number}"))
    assert ("late act" in by_record, "other act" in by_record) == (True, False)
    by_person = words_of(director.get(f"/audit/?person={house.prescriber.ref}"))
    assert ("late act" in by_person, "other act" in by_person) == (False, True)
    by_day = words_of(director.get("/audit/?day=2026-05-03"))
    assert ("late act" in by_day, "other act" in by_day, "23:30:00" in by_day) == (True, False, True)


def test_the_audit_trail_pages_and_keeps_the_filter(house):
    with at_practice(house.id):
        for _number in range(60):
            audit.note("many acts", by=house.nurse, now=NOW)
    page = words_of(signed_in(house, "director").get("/audit/?day=2026-05-04"))
    assert page.count("<td>many acts</td>") == 50
    assert 'href="?day=2026-05-04&amp;page=2"' in page


def test_an_administrator_reads_record_numbers_but_no_names_in_the_audit_trail(house):
    with at_practice(house.id):
        patient = factories.patient(house, family_name="Secretname")
    page = words_of(signed_in(house, "administrator").get("/audit/"))
    assert patient.record_number in page
    assert "Secretname" not in page
    assert str(patient.ref) not in page.replace(f'<small class="text-break">{patient.ref}</small>', "")


def test_reading_the_audit_trail_leaves_a_line_in_it(house):
    signed_in(house, "director").get("/audit/")
    with at_practice(house.id):
        assert AuditEntry.objects.filter(act="read audit", by=house.director).count() == 1


def test_times_are_shown_in_the_time_zone_of_the_persons_location(house):
    with at_practice(house.id):
        far = people.open_location(name="Honolulu", time_zone="Pacific/Honolulu", now=NOW)
        Staff.objects.filter(pk=house.director.pk).update(home=far)
        audit.note("far act", by=house.nurse, now=NOW)
    assert "04:00:00" in words_of(signed_in(house, "director").get("/audit/?day=2026-05-04"))
