"""Devices at their chairs, and readings that wait for a nurse's word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.web.people.desk import queries, signed_in, words_of
from winddown.record.models import Device, DeviceBinding, Reading, ReadingAttachment
from winddown.record.scope import at_practice
from winddown.services import devices, sessions

MINUTE = timedelta(minutes=1)


def enroll(house, key="MON-1", **more):
    fields = {"key": key, "kind": "monitor", "location": house.location.pk, "silent_after_s": "15"} | more
    return signed_in(house, "nurse").post("/devices/enroll/", fields)


def device_of(house, key="MON-1"):
    with at_practice(house.id):
        return Device.objects.get(key=key)


def bind(house, device, chair=0):
    return signed_in(house, "nurse").post(f"/devices/{device.ref}/bind/", {"chair": house.chairs[chair].ref})


@pytest.fixture
def waiting(house):
    """Someone sits in chair 1; a monitor bound to no chair spoke twice, in two minutes."""
    now = datetime.now(tz=UTC).replace(second=30, microsecond=0)
    with at_practice(house.id):
        session = factories.session(house, now=now - 30 * MINUTE)
        sessions.check_in(session, by=house.nurse, now=now - 20 * MINUTE)
        device = devices.enroll(key="MON-9", kind="monitor", location=house.location, words="", by=house.nurse, now=now - 40 * MINUTE)
        for minutes, numbers in ((10, {"systolic": 182, "diastolic": 96}), (9, {"systolic": 178})):
            speak(device, now - minutes * MINUTE, numbers)
    return device, session, now


def speak(device, at, numbers):
    for kind, value in numbers.items():
        times = {"observed_at": at, "received_at": at + timedelta(seconds=4)}
        kept = {"source": "monitor", "label": "accepted", "problem": "this device was bound to no chair at that time"}
        Reading(device=device, kind=kind, value=value, unit="mm[Hg]", raw_value=str(value), **times, **kept).save()


def attach(house, readings, owner, because="I stood beside it", role="nurse"):
    return signed_in(house, role).post(
        "/orphans/attach/", {"reading": [row.pk for row in readings], "owner": str(owner), "because": because}
    )


def rows(house):
    with at_practice(house.id):
        return list(Reading.objects.order_by("observed_at", "kind"))


def test_a_device_is_enrolled_bound_and_released(house):
    assert enroll(house)["Location"] == "/devices/"
    device = device_of(house)
    nurse = signed_in(house, "nurse")
    assert "Bound to no chair" in words_of(nurse.get("/devices/"))
    bind(house, device)
    page = words_of(nurse.get("/devices/"))
    assert "Chair 1, since" in page
    assert "Sandusky, Chair 2</p>" in page
    nurse.post(f"/devices/{device.ref}/release/")
    assert "Bound to no chair" in words_of(nurse.get("/devices/"))


def test_a_device_bound_to_another_chair_leaves_the_first_and_its_past_stays(house):
    enroll(house)
    device = device_of(house)
    bind(house, device)
    bind(house, device, chair=1)
    with at_practice(house.id):
        spans = DeviceBinding.objects.filter(device=device).order_by("id")
        assert [(row.chair.name, row.span.upper is None) for row in spans] == [("Chair 1", False), ("Chair 2", True)]
    page = words_of(signed_in(house, "nurse").get(f"/devices/{device.ref}/"))
    assert page.index("Sandusky, Chair 2</strong>") < page.index("Sandusky, Chair 1</strong>")


def test_the_same_identifier_twice_is_refused_and_stays_typed(house):
    enroll(house)
    again = enroll(house)
    assert (again.status_code, "is on file already" in words_of(again), 'value="MON-1"' in words_of(again)) == (422, True, True)


def test_a_chair_of_another_practice_cannot_be_chosen(urls, house):
    other = factories.house(urls)
    enroll(house)
    device = device_of(house)
    response = signed_in(house, "nurse").post(f"/devices/{device.ref}/bind/", {"chair": other.chairs[0].ref})
    assert (response.status_code, "not one of the available choices" in words_of(response)) == (422, True)


def test_unclaimed_readings_stand_by_device_and_minute_with_why_and_who_sat_where(house, waiting):
    _device, session, _now = waiting
    page = words_of(signed_in(house, "nurse").get("/orphans/"))
    assert "3 readings, in 2 groups" in page
    assert page.count("this device was bound to no chair at that time") == 2
    assert page.count(f"{session.patient.family_name}, {session.patient.given_name}") == 2
    assert "182 mmHg" in page
    assert page.index("178 mmHg") < page.index("182 mmHg")


def test_a_nurse_says_whose_the_readings_are_and_they_leave_the_list(house, waiting):
    _device, session, _now = waiting
    assert attach(house, rows(house), session.ref).status_code == 302
    assert "Every reading has an owner" in words_of(signed_in(house, "nurse").get("/orphans/"))
    with at_practice(house.id):
        kept = ReadingAttachment.objects.values_list("session", "because", "by__name").distinct()
        assert list(kept) == [(session.pk, "I stood beside it", "Fictional Nurse")]


def test_nobodys_readings_leave_the_list_with_the_reason(house, waiting):
    attach(house, rows(house)[:2], "nobody", because="test of the cuff")
    page = words_of(signed_in(house, "nurse").get("/orphans/"))
    assert "1 reading, in 1 group" in page


def test_no_reason_no_owner_and_an_owner_who_sat_nowhere_are_refused(house, waiting):
    _device, session, now = waiting
    with at_practice(house.id):
        elsewhere = factories.session(house, start=now + timedelta(hours=5), chair=1, now=now)
    readings = rows(house)
    for owner, because, words in (
        (session.ref, "", "This field is required."),
        ("", "seen", "This field is required."),
        (elsewhere.ref, "seen", "That session sat in no chair at that time."),
        ("not-a-session", "seen", "Choose a session from the list, or nobody."),
    ):
        response = attach(house, readings, owner, because=because)
        assert (response.status_code, words in words_of(response)) == (422, True), owner
    with at_practice(house.id):
        assert not ReadingAttachment.objects.exists()


def test_readings_that_found_an_owner_meanwhile_are_refused(house, waiting):
    _device, session, _now = waiting
    readings = rows(house)
    attach(house, readings[:1], session.ref)
    response = attach(house, readings, "nobody")
    assert (response.status_code, "have an owner already" in words_of(response)) == (422, True)


def test_readings_of_another_practice_cannot_be_attached(urls, house, waiting):
    other = factories.house(urls)
    with at_practice(other.id):
        foreign = devices.enroll(key="MON-F", kind="monitor", location=other.location, words="", by=other.nurse, now=datetime.now(tz=UTC))
        speak(foreign, datetime.now(tz=UTC), {"systolic": 120})
        row = Reading.objects.get()
    response = attach(house, [row], "nobody")
    assert response.status_code == 422
    with at_practice(other.id):
        assert not ReadingAttachment.objects.exists()


def test_a_prescriber_judges_readings_but_does_not_manage_devices(house, waiting):
    prescriber = signed_in(house, "prescriber")
    assert [prescriber.get(path).status_code for path in ("/orphans/", "/devices/")] == [200, 403]
    assert "MON-9" in words_of(prescriber.get("/orphans/"))


def test_device_lists_ask_as_often_for_one_row_as_for_three(house, waiting):
    device, _session, now = waiting
    nurse, paths = signed_in(house, "nurse"), ("/devices/", f"/devices/{device.ref}/", "/orphans/")
    few = [queries(nurse, path) for path in paths]
    with at_practice(house.id):
        devices.bind(device, house.chairs[0], by=house.nurse, now=now)
        for number in range(2):
            more = devices.enroll(key=f"MON-X{number}", kind="monitor", location=house.location, words="", by=house.nurse, now=now)
            speak(more, now - (number + 1) * MINUTE, {"systolic": 130, "diastolic": 80})
        devices.bind(more, house.chairs[1], by=house.nurse, now=now)
        other = factories.session(house, start=now, chair=1, now=now)
        sessions.check_in(other, by=house.nurse, now=now - 2 * MINUTE)
    assert [queries(nurse, path) for path in paths] == few
