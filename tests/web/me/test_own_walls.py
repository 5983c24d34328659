"""Every address of own pages, asked by the patient, with somebody else's references, by the staff, by nobody, by a caregiver."""

from __future__ import annotations

import pytest

from tests.factories import own
from tests.web.me.own import signed_in_as
from tests.web.people.desk import anyone, signed_in
from tests.web.walk.addresses import EVERY, body
from winddown.record.models import Answer, AuditEntry, Link, OwnAccess
from winddown.record.scope import at_practice

INSIDE = [address for address in EVERY if getattr(address.view, "is_own", False)]
ENDS_THE_SIGN_IN = ("me/out/", "me/out-everywhere/")
FOREIGN = ("Foreignfamily", "Foreigngiven", "a fictional message of Foreign")


@pytest.fixture(scope="module")
def two(urls):
    return own.house_with_two(urls)


def browser_of(house, samples, name="own_access"):
    with at_practice(house.id):
        access = OwnAccess.objects.get(ref=samples[name])
    browser = signed_in_as(house, access)
    browser.raise_request_exception = False
    return browser


def test_own_pages_were_found():
    assert len(INSIDE) > 20


def test_nobody_and_no_role_of_the_staff_gets_into_own_pages(two):
    house, (_patient, mine), _other = two
    found = []
    for who, browser in (("nobody", anyone()), ("nurse", signed_in(house, "nurse")), ("director", signed_in(house, "director"))):
        for address in INSIDE:
            for ask in (browser.get, browser.post):
                answer = ask(address.filled(mine))
                if (answer.status_code, answer.get("Location", "")[:12]) != (302, "/me/sign-in/"):
                    found.append((who, address.route, answer.status_code))
    assert not found


def test_a_patient_enters_every_own_page_and_each_look_leaves_a_line(two):
    house, (patient, mine), _other = two
    browser, found = browser_of(house, mine), []
    for address in INSIDE:
        if address.route in ENDS_THE_SIGN_IN:
            continue
        with at_practice(house.id):
            before = AuditEntry.objects.filter(patient=patient, act__startswith="own pages:").count()
        answer = browser.get(address.filled(mine))
        with at_practice(house.id):
            after = AuditEntry.objects.filter(patient=patient, act__startswith="own pages:").count()
        if answer.status_code not in (200, 302) or any(word in body(answer) for word in FOREIGN):
            found.append((address.route, answer.status_code))
        if answer.status_code == 200 and address.view.reads and after != before + 1:
            found.append((address.route, "without a trace"))
        if answer["Cache-Control"] != "no-store":
            found.append((address.route, "may be stored"))
    assert not found


def test_a_reference_of_another_patient_is_not_found_and_changes_nothing(two):
    house, (_patient, mine), (_other, foreign) = two
    browser, found = browser_of(house, mine), []
    with at_practice(house.id):
        before = _state(foreign)
    for address in INSIDE:
        for name in address.parameters.values():
            for ask in (browser.get, browser.post):
                answer = ask(address.filled(mine | {name: foreign[name]}))
                harmless = answer.status_code == 302 and name == "own_passkey"
                if (answer.status_code != 404 and not harmless) or any(word in body(answer) for word in FOREIGN):
                    found.append((address.route, name, answer.status_code))
    with at_practice(house.id):
        assert _state(foreign) == before
    assert not found


def _state(samples):
    from winddown.record.models import Booking, OwnPasskey, ThreadNote

    return (
        Booking.objects.get(ref=samples["own_visit"]).status,
        ThreadNote.objects.filter(thread__ref=samples["own_thread"]).count(),
        OwnAccess.objects.get(ref=samples["own_helper"]).ended_at,
        OwnPasskey.objects.get(pk=samples["own_passkey"]).removed_at,
    )


def test_an_empty_form_of_own_pages_is_answered_in_words(two):
    house, _first, (_patient, samples) = two
    found = []
    for address in INSIDE:
        answer = browser_of(house, samples).post(address.filled(samples))
        if answer.status_code not in (200, 302, 403, 422):
            found.append((address.route, answer.status_code))
    assert not found


def test_a_caregiver_enters_what_was_permitted_and_nothing_else(two):
    house, (patient, mine), _other = two
    browser = browser_of(house, mine, "own_helper")
    allowed = {address.route for address in INSIDE if browser.get(address.filled(mine)).status_code in (200, 302)}
    allowed -= {"me/passkey/begin/"}
    assert {route for route in allowed if not route.startswith("me/settings/")} == {
        "me/", "me/out/", "me/out-everywhere/", "me/visits/", "me/visits/<uuid:own_visit>/visit.ics", "me/forms/", "me/forms/open/",
        "me/diary/",
    }  # fmt: skip
    with at_practice(house.id):
        OwnAccess.objects.filter(ref=mine["own_helper"]).update(may=["visits"])
    assert browser.get("/me/forms/").status_code == 403
    with at_practice(house.id):
        assert not Link.objects.filter(patient=patient, access__isnull=False).exists()


def test_a_caregiver_answers_the_two_lines_and_decides_nothing_for_the_patient(two):
    house, (patient, mine), _other = two
    with at_practice(house.id):
        OwnAccess.objects.filter(ref=mine["own_helper"]).update(may=["diary"])
    browser = browser_of(house, mine, "own_helper")
    link = browser.post("/me/diary/")["Location"]
    page = browser.get(f"{link}diary/").content.decode()
    assert page.count("data-line-slide") == 2 and "wishes/" not in page
    assert browser.get(f"{link}diary/wishes/").status_code == 404
    browser.post(f"{link}diary/", {"pain-nrs.average": "4", "version:pain-nrs": "1"})
    with at_practice(house.id):
        assert [(row.source, row.odd) for row in Answer.objects.filter(patient=patient, instrument="pain-nrs")] == [("caregiver", "")]
