"""The patient's own sign-in: one-time links, the date of birth, the same answer for everybody, leaving everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.web.me.own import invited, links_to, newest_link, patient_with_pages, signed_in_as
from tests.web.people.desk import anyone, signed_in, words_of
from winddown.domain.refusals import NotAllowed
from winddown.record.models import AuditEntry, OwnAccess, OwnSession
from winddown.record.scope import at_practice
from winddown.services import own_access, own_limits, own_sign_in
from winddown.web.own_door import COOKIE


@pytest.fixture
def patient(house):
    with at_practice(house.id):
        return factories.patient(house)


def address_of(house) -> str:
    return f"own.{house.id}@example.test"


def test_the_invitation_opens_with_the_date_of_birth_and_only_once(house, patient):
    email = address_of(house)
    invited(house, patient, email)
    link, phone = newest_link(house, email), anyone()
    assert "Your date of birth" in words_of(phone.get(link))
    assert phone.post(link, {"born": "1980-03-05"}).status_code == 422
    entered = phone.post(link, {"born": "1980-03-04"})
    assert (entered.status_code, entered["Location"]) == (302, "/me/")
    cookie = entered.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/me/", True, "Lax")
    assert "Hello, Avery" in words_of(phone.get("/me/"))
    assert anyone().get(link).status_code == 404
    with at_practice(house.id):
        assert AuditEntry.objects.filter(patient=patient, act="own pages: home").count() == 1


def test_five_wrong_dates_of_birth_close_the_address_until_the_clinic_invites_again(house, patient):
    email = address_of(house)
    access = invited(house, patient, email)
    link, stranger = newest_link(house, email), anyone()
    answers = [stranger.post(link, {"born": f"19{year}-01-01"}).status_code for year in range(60, 65)]
    assert answers == [422, 422, 422, 422, 404]
    assert stranger.post(link, {"born": "1980-03-04"}).status_code == 404
    with at_practice(house.id):
        assert OwnAccess.objects.get(pk=access.pk).ended_because == "the date of birth was wrong too often"
    invited(house, patient, email)
    assert stranger.post(newest_link(house, email), {"born": "1980-03-04"}).status_code == 302


def test_a_known_and_an_unknown_address_get_the_same_answer_and_only_the_known_one_a_link(house, patient):
    email = address_of(house)
    access = invited(house, patient, email)
    with at_practice(house.id):
        OwnAccess.objects.filter(pk=access.pk).update(proven_at=datetime.now(tz=UTC))
    known, unknown = (
        anyone().post("/me/sign-in/", {"email": each}, REMOTE_ADDR="192.0.2.1") for each in (email.upper(), f"nobody.{email}")
    )
    assert (known.status_code, known["Location"], known.content) == (unknown.status_code, unknown["Location"], unknown.content)
    assert (links_to(house, email), links_to(house, f"nobody.{email}")) == (2, 0)
    phone = anyone()
    assert "date of birth" not in words_of(phone.get(newest_link(house, email)))
    assert phone.post(newest_link(house, email))["Location"] == "/me/"


def test_the_sixth_try_for_an_address_is_silent_and_the_forty_first_from_one_network_is_refused(house, patient):
    email = address_of(house)
    invited(house, patient, email)
    answers = [anyone().post("/me/sign-in/", {"email": email}, REMOTE_ADDR=f"198.51.100.{house.id % 250}") for _ in range(7)]
    assert {answer["Location"] for answer in answers} == {"/me/sent/"}
    assert links_to(house, email) == 1 + own_limits.PER_ADDRESS
    now = datetime.now(tz=UTC)
    for _ in range(own_limits.PER_SOURCE):
        own_limits.from_one_source(f"network-{house.id}", now=now)
    with pytest.raises(NotAllowed, match="too many tries"):
        own_limits.from_one_source(f"network-{house.id}", now=now)
    own_limits.from_one_source(f"network-{house.id}", now=now + own_limits.WITHIN + timedelta(seconds=1))


def test_a_sign_in_ends_when_nobody_uses_it_and_after_half_a_day_whatever_happens(house, patient):
    access, now = invited(house, patient, address_of(house)), datetime.now(tz=UTC)
    with at_practice(house.id):
        session = own_sign_in.begin(access, how="link", browser="phone", now=now)
        assert own_sign_in.found(session.ref, now=now + timedelta(minutes=29)) is not None
        assert own_sign_in.found(session.ref, now=now + timedelta(minutes=58)) is not None
        assert own_sign_in.found(session.ref, now=now + timedelta(minutes=89)) is None
        OwnSession.objects.filter(pk=session.pk).update(seen_at=now + timedelta(hours=11, minutes=59))
        assert own_sign_in.found(session.ref, now=now + timedelta(hours=12)) is None


def test_signing_out_everywhere_closes_every_browser_and_the_link_that_waits(house, patient):
    email = address_of(house)
    access = invited(house, patient, email)
    first, second = signed_in_as(house, access), signed_in_as(house, access)
    link = newest_link(house, email)
    assert first.get("/me/").status_code == second.get("/me/").status_code == 200
    first.post("/me/out-everywhere/")
    assert second.get("/me/")["Location"] == "/me/sign-in/"
    assert anyone().get(link).status_code == 404


def test_another_address_takes_the_place_of_the_old_one_and_ends_its_sign_ins(house, patient):
    browser = patient_with_pages(house, patient, address_of(house))
    invited(house, patient, f"new.{address_of(house)}")
    assert browser.get("/me/").status_code == 302
    with at_practice(house.id):
        assert [row.email for row in own_access.live(patient)] == [f"new.{address_of(house)}"]


def test_a_cookie_of_own_pages_opens_no_door_of_the_staff_and_the_other_way_round(house, patient):
    browser, nurse = patient_with_pages(house, patient, address_of(house)), signed_in(house, "nurse")
    assert browser.get("/patients/")["Location"].startswith("/accounts/login/")
    assert nurse.get("/me/")["Location"] == "/me/sign-in/"


def test_a_cookie_that_was_not_made_here_is_nobody(house, patient):
    browser = patient_with_pages(house, patient, address_of(house))
    token = browser.cookies[COOKIE].value
    browser.cookies[COOKIE] = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    assert browser.get("/me/visits/")["Location"] == "/me/sign-in/?next=/me/visits/"
