"""Coming in, the lock, and a person's own account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from allauth import urls as library_urls
from django.urls import URLResolver

from tests import factories
from tests.web.people.desk import anyone, signed_in, words_of
from winddown.record.models import Account, AuditEntry, Staff
from winddown.record.scope import at_practice
from winddown.web.access import LOCKED, SEEN
from winddown.web.people.signin_doors import ENTRANCE, SIGNED_IN


def unlock(client, secret, **more):
    return client.post("/lock/", {"secret": secret} | more)


def locked(house, role="nurse"):
    client = signed_in(house, role)
    client.post("/lock/now/")
    return client


def test_a_stranger_is_sent_to_the_sign_in_page_and_comes_back_to_where_they_wanted(house):
    client = anyone()
    response = client.get("/account/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/account/")
    response = client.post(response["Location"], {"login": house.emails["nurse"], "password": factories.PASSWORD, "next": "/account/"})
    assert response["Location"] == "/account/"
    assert "Fictional Nurse" in words_of(client.get("/account/"))


def test_a_wrong_password_says_so_and_keeps_the_address(house):
    response = anyone().post("/accounts/login/", {"login": house.emails["nurse"], "password": "not this one at all"})
    assert house.emails["nurse"] in words_of(response)
    assert "not correct" in words_of(response)
    assert "not this one at all" not in words_of(response)


def test_the_sign_in_page_offers_no_way_to_make_an_account():
    page = words_of(anyone().get("/accounts/login/"))
    assert "signup" not in page
    assert "password/reset" not in page
    assert anyone().get("/accounts/signup/").status_code == 404


def test_no_page_of_the_account_leads_to_a_password_reset_by_mail_that_does_not_exist(house):
    nurse = signed_in(house, "nurse")
    for path in ("/accounts/login/", "/accounts/reauthenticate/", "/accounts/password/change/", "/accounts/2fa/", "/account/"):
        assert "password/reset" not in words_of(nurse.get(path)), path


def test_only_the_named_addresses_of_the_sign_in_library_exist(house):
    nurse, stranger = signed_in(house, "nurse"), anyone()
    for name, path in library_addresses():
        if name in ENTRANCE | SIGNED_IN:
            assert stranger.get(path).status_code in (200, 302), name
        else:
            assert [client.get(path).status_code for client in (nurse, stranger)] == [404, 404], name
            assert nurse.post(path).status_code == 404, name


def library_addresses(entries=None, prefix="/accounts/"):
    """Each address of the library by name, with something plausible where it takes a value."""
    samples = {"account_confirm_email": "confirm-email/a-key/", "account_reset_password_from_key": "password/reset/key/1-a-key/"}
    for entry in library_urls.urlpatterns if entries is None else entries:
        if isinstance(entry, URLResolver):
            yield from library_addresses(entry.url_patterns, prefix + str(entry.pattern).replace("<int:pk>", "1"))
        else:
            yield entry.name, prefix + samples.get(entry.name, str(entry.pattern))


def test_the_lock_shows_who_is_signed_in_and_nothing_else(house):
    client = locked(house)
    page = words_of(client.get("/lock/"))
    assert "Fictional Nurse is signed in" in page
    assert "/patients/" not in page
    assert client.get("/account/")["Location"] == "/lock/?next=/account/"


def test_the_pin_opens_the_lock_and_leads_back(house):
    client = locked(house)
    response = unlock(client, factories.PIN, next="/account/")
    assert response["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


def test_the_password_opens_the_lock(house):
    client = locked(house)
    assert unlock(client, factories.PASSWORD)["Location"] == "/"


def test_a_colleagues_pin_does_not_open_the_lock(house):
    with at_practice(house.id):
        from winddown.services import people

        people.set_pin(house.nurse_2, "975310", password=factories.PASSWORD, now=datetime.now(tz=UTC))
    client = locked(house)
    assert unlock(client, "975310").status_code == 422
    assert client.get("/account/").status_code == 302


def test_five_wrong_tries_block_the_lock_for_five_minutes_and_are_kept(house):
    client = locked(house)
    answers = [words_of(unlock(client, "111222")) for _ in range(5)]
    assert all("That is not your password or PIN." in answer for answer in answers)
    assert "Blocked after 5 wrong tries." in words_of(unlock(client, factories.PIN))
    with at_practice(house.id):
        assert AuditEntry.objects.filter(by=house.nurse, act="wrong pin").count() == 5


def test_the_script_of_the_page_is_answered_in_json(house):
    client = locked(house)
    wrong = client.post("/lock/", {"secret": "111222"}, headers={"accept": "application/json"})
    assert (wrong.status_code, wrong.json()["refused"]) == (422, "That is not your password or PIN.")
    right = client.post("/lock/", {"secret": factories.PIN}, headers={"accept": "application/json"})
    assert (right.status_code, right.json()) == (200, {"unlocked": True})


def test_the_lock_never_leads_to_another_house(house):
    client = locked(house)
    assert unlock(client, factories.PIN, next="https://elsewhere.example/")["Location"] == "/"


def test_an_idle_screen_is_locked_by_the_server_itself(house):
    client = signed_in(house, "nurse")
    client.get("/account/")
    session = client.session
    session[SEEN] = (datetime.now(tz=UTC) - timedelta(hours=2)).isoformat()
    session.save()
    assert client.get("/account/")["Location"] == "/lock/?next=/account/"
    assert client.session[LOCKED] is True


def test_a_locked_screen_opens_no_page_that_changes_how_one_signs_in(house):
    client = locked(house)
    for path in ("/accounts/2fa/", "/accounts/password/change/", "/accounts/2fa/webauthn/add/"):
        assert client.get(path)["Location"].startswith("/lock/"), path


def test_a_pin_is_set_only_with_the_password(house):
    client = signed_in(house, "nurse")
    wrong = client.post("/account/pin/", {"secret": "guess", "pin": "314159", "again": "314159"})
    assert (wrong.status_code, "That is not your password." in words_of(wrong)) == (422, True)
    right = client.post("/account/pin/", {"secret": factories.PASSWORD, "pin": "314159", "again": "314159"})
    assert right["Location"] == "/account/"
    client.post("/lock/now/")
    assert unlock(client, "314159").status_code == 302


def test_a_pin_does_not_count_as_the_password_when_a_pin_is_set(house):
    client = signed_in(house, "nurse")
    response = client.post("/account/pin/", {"secret": factories.PIN, "pin": "314159", "again": "314159"})
    assert response.status_code == 422


def test_a_weak_pin_is_refused_in_words(house):
    response = signed_in(house, "nurse").post("/account/pin/", {"secret": factories.PASSWORD, "pin": "111111", "again": "111111"})
    assert "at least six digits, three of them different" in words_of(response)


def test_an_account_without_a_place_on_the_staff_enters_nowhere(house):
    client = signed_in(house, "nurse")
    with at_practice(house.id):
        Staff.objects.filter(pk=house.nurse.pk).update(active=False)
    response = client.get("/account/")
    assert (response.status_code, "no place on the staff" in words_of(response)) == (403, True)


def test_a_closed_account_is_out_on_every_screen_and_stays_out(house):
    nurse = signed_in(house, "nurse")
    assert nurse.get("/account/").status_code == 200
    signed_in(house, "administrator").post(f"/staff/{house.nurse.ref}/active/", {"active": "no"})
    assert nurse.get("/account/")["Location"].startswith("/accounts/login/")
    answer = anyone().post("/accounts/login/", {"login": house.emails["nurse"], "password": factories.PASSWORD}, follow=True)
    assert "This account is closed" in words_of(answer)


def test_two_practices_may_not_share_an_address(urls, house):
    other = factories.house(urls)
    answer = signed_in(house, "administrator").post(
        "/staff/new/",
        {"name": "Fictional Twin", "email": other.emails["nurse"], "password": factories.PASSWORD, "roles": ["nurse"]},
    )
    assert (answer.status_code, "can sign in already" in words_of(answer)) == (422, True)
    assert Account.objects.filter(email=other.emails["nurse"]).count() == 1
