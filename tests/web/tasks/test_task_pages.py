"""Tasks on the screen: the banner on every page, what each role may see of it, one tap to acknowledge, the roster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests import factories
from tests.web.people.desk import anyone, queries, signed_in, words_of
from winddown.domain.tasks.escalation import Ladder
from winddown.record.models import AuditEntry, OnCall, Task, TaskAct
from winddown.record.scope import at_practice
from winddown.services import links, roster, tasks

NAME, REASON = "Bannerfamily", "answered yes to the fifth question"
PAGES = ("/board/", "/tasks/", "/patients/", "/on-call/", "/account/", "/alarms/")


def opened(house, *, urgency="urgent", kind="suicide_risk", subject="s:1"):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        patient = factories.patient(house, now=now, family_name=NAME)
        return tasks.open_task(
            kind=kind,
            urgency=urgency,
            words=REASON,
            location=house.location,
            patient=patient,
            subject=subject,
            due_at=now + timedelta(minutes=10),
            now=now,
        )


def fresh(house, task):
    with at_practice(house.id):
        return Task.objects.get(pk=task.pk)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_banner_and_listens_for_it(house, path):
    nurse = signed_in(house, "nurse")
    assert "data-task=" not in words_of(nurse.get(path))
    opened(house)
    page = words_of(nurse.get(path))
    assert 'data-refresh-on="task"' in page
    assert 'data-live-url="/live/stream' in page
    assert "Urgent task, Sandusky: Suicide safety: call the patient" in page


def test_the_banner_never_names_the_patient_and_its_words_are_for_those_who_read_charts(house):
    opened(house)
    for role, reads in (("nurse", True), ("director", True), ("front_desk", False), ("administrator", False), ("drug_officer", False)):
        page = words_of(signed_in(house, role).get("/account/"))
        assert NAME not in page
        assert (REASON in page) is reads, role
        assert ("/acknowledge/" in page) is reads, role
        assert "Urgent task" in page, role


def test_behind_a_locked_screen_the_banner_says_that_and_no_more(house):
    opened(house)
    nurse = signed_in(house, "nurse")
    nurse.post("/lock/now/")
    banner = words_of(nurse.get("/tasks/banner/"))
    assert "Unlock the screen to answer" in banner
    assert REASON not in banner
    assert "<form" not in banner


def test_one_tap_acknowledges_and_calms_the_banner_for_all(house):
    task = opened(house)
    answer = signed_in(house, "nurse").post(f"/tasks/{task.ref}/acknowledge/")
    assert answer.status_code == 302
    banner = words_of(signed_in(house, "front_desk").get("/tasks/banner/"))
    assert "Acknowledged by Fictional Nurse." in banner
    assert 'role="alert"' not in banner


def test_a_task_that_is_not_urgent_stays_off_the_other_pages(house):
    opened(house, urgency="same_day")
    nurse = signed_in(house, "nurse")
    assert "data-task=" not in words_of(nurse.get("/board/"))
    assert REASON in words_of(nurse.get("/tasks/"))


def test_closing_asks_for_who_when_what_and_next_and_keeps_what_was_typed(house):
    task, nurse = opened(house), signed_in(house, "nurse")
    refused = nurse.post(f"/tasks/{task.ref}/close/", {"outcome": "safe_plan", "words": "spoke for ten minutes"})
    assert refused.status_code == 422
    page = words_of(refused)
    assert "cannot be closed without who was called" in page
    assert "spoke for ten minutes" in page
    assert fresh(house, task).status == "open"
    local = timezone.localtime(datetime.now(tz=UTC), ZoneInfo("America/New_York"))
    told = {
        "outcome": "safe_plan",
        "words": "spoke for ten minutes",
        "called": "the patient, by phone",
        "called_at": local.strftime("%Y-%m-%dT%H:%M"),
        "next_check_at": (local + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"),
    }
    assert nurse.post(f"/tasks/{task.ref}/close/", told).status_code == 302
    assert fresh(house, task).status == "closed"
    assert "data-task=" not in words_of(nurse.get("/board/"))
    assert "Suicide safety: next check" in words_of(nurse.get("/tasks/"))


def test_opening_a_task_about_a_patient_is_a_reading_of_the_chart(house):
    task = opened(house)
    page = words_of(signed_in(house, "prescriber").get(f"/tasks/{task.ref}/"))
    assert NAME in page
    with at_practice(house.id):
        assert AuditEntry.objects.filter(act="read chart", patient=task.patient, by=house.prescriber).count() == 1


def test_the_front_desk_sees_that_a_task_is_open_but_not_whose(house):
    task = opened(house)
    for path in (f"/tasks/{task.ref}/", "/tasks/"):
        page = words_of(signed_in(house, "front_desk").get(path))
        assert "Suicide safety" in page
        assert NAME not in page
        assert REASON not in page


def test_the_front_desk_cannot_answer_it(house):
    task = opened(house)
    desk = signed_in(house, "front_desk")
    for act in ("acknowledge", "note", "close", "hand-on"):
        desk.post(f"/tasks/{task.ref}/{act}/", {"words": "x", "outcome": "safe_plan", "because": "x"})
    with at_practice(house.id):
        assert not TaskAct.objects.filter(task=task).exists()


def test_the_roster_shows_the_nights_nobody_covers(house):
    page = words_of(signed_in(house, "nurse").get("/on-call/"))
    assert "Nobody is on call" in page
    assert "No one has said that they are watching" in page


def test_putting_somebody_on_call_and_watching(house):
    local = timezone.localtime(datetime.now(tz=UTC), ZoneInfo("America/New_York"))
    with at_practice(house.id):
        told = {
            "staff": str(house.nurse.ref),
            "rank": "1",
            "starts_at": local.strftime("%Y-%m-%dT%H:%M"),
            "ends_at": (local + timedelta(hours=10)).strftime("%Y-%m-%dT%H:%M"),
            "phone": "555 0100",
        }
    assert signed_in(house, "director").post("/on-call/new/", told).status_code == 302
    with at_practice(house.id):
        assert OnCall.objects.get().staff == house.nurse
    nurse = signed_in(house, "nurse")
    nurse.post("/on-call/watch/", {"channel": "screen"})
    assert "Fictional Nurse" in words_of(nurse.get("/tasks/"))
    with at_practice(house.id):
        assert roster.anyone_watching(house.location, now=datetime.now(tz=UTC))


def test_a_second_first_on_call_is_refused_in_words_and_the_form_keeps_its_values(house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        roster.put_on_call(house.location, house.nurse, starts_at=now, ends_at=now + timedelta(hours=9), by=house.director, now=now)
    local = timezone.localtime(now, ZoneInfo("America/New_York"))
    told = {"staff": str(house.prescriber.ref), "rank": "1", "phone": "555 0199"}
    told |= {"starts_at": local.strftime("%Y-%m-%dT%H:%M"), "ends_at": (local + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")}
    answer = signed_in(house, "director").post("/on-call/new/", told)
    assert answer.status_code == 422
    assert "Somebody else has this rank" in words_of(answer)
    assert "555 0199" in words_of(answer)


def test_the_number_of_queries_does_not_grow_with_the_tasks(house):
    opened(house, subject="s:0")
    nurse = signed_in(house, "nurse")
    few = [queries(nurse, path) for path in ("/tasks/?whose=all", "/tasks/banner/", "/board/")]
    for number in range(1, 4):
        opened(house, subject=f"s:{number}")
    assert [queries(nurse, path) for path in ("/tasks/?whose=all", "/tasks/banner/", "/board/")] == few


SCREENED = {"window": "c-ssrs", "q1": "1", "q2": "1", "q3": "0", "q4": "1", "q5": "0", "q6": "0"}


def test_a_nurse_enters_a_screener_and_its_task_is_open_when_the_page_comes_back(house):
    with at_practice(house.id):
        patient = factories.patient(house)
    nurse = signed_in(house, "nurse")
    page = words_of(nurse.get(f"/patients/{patient.ref}/suicide-screen/"))
    assert "have not been imported here" in page
    answer = nurse.post(f"/patients/{patient.ref}/suicide-screen/", SCREENED, follow=True)
    assert "intent or plan (question 4 or 5)" in words_of(answer)
    with at_practice(house.id):
        assert Task.objects.get(patient=patient).urgency == "urgent"


def test_a_screener_half_entered_counts_as_unfinished(house):
    with at_practice(house.id):
        patient = factories.patient(house)
    answer = signed_in(house, "nurse").post(f"/patients/{patient.ref}/suicide-screen/", {"window": "c-ssrs", "q1": "0"}, follow=True)
    assert "UNFINISHED: it counts as high" in words_of(answer)


class Phone:
    """A patient's phone with a link to the two-weekly forms."""

    def __init__(self, house):
        now = datetime.now(tz=UTC)
        with at_practice(house.id):
            self.patient = factories.patient(house, now=now)
            self.token = links.token_of(links.make(patient=self.patient, purpose="forms", subject="set:two_weeks", by=house.nurse, now=now))
        self.browser = anyone()

    def get(self, page):
        return self.browser.get(f"/p/{self.token}/{page}")

    def answers(self, nine):
        told = {f"phq-9.{n}": "0" for n in range(1, 9)} | {"phq-9.9": nine, "version:phq-9": "1", "language:phq-9": "en"}
        return self.browser.post(f"/p/{self.token}/forms/", told)


def test_before_the_question_the_phone_says_that_no_one_is_watching_until_somebody_says_they_are(house):
    phone = Phone(house)
    assert "No one at the clinic is watching your answers right now." in words_of(phone.get("forms/"))
    assert 'href="tel:988"' in words_of(phone.get("forms/"))
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        roster.begin_watching(house.location, channel="screen", by=house.nurse, now=now)
    page = words_of(phone.get("forms/"))
    assert "No one at the clinic is watching" not in page
    assert "may need time" in page


def test_after_a_red_answer_the_phone_shows_help_and_says_told_only_after_an_acknowledgement(house):
    phone = Phone(house)
    assert phone.get("told/").json() == {"open": False, "acknowledged": False, "words": ""}
    phone.answers("2")
    page = words_of(phone.get("forms/done/"))
    assert "Help now" in page
    assert phone.get("told/").json()["words"] == "Nobody at the clinic has acknowledged your answer yet."
    with at_practice(house.id):
        tasks.acknowledge(Task.objects.get(patient=phone.patient), by=house.nurse, now=datetime.now(tz=UTC))
    told = phone.get("told/").json()
    assert told["acknowledged"] is True
    assert "A person at the clinic saw your answer" in told["words"]
    assert "Nurse" not in told["words"]


def test_a_country_the_director_chose_changes_the_numbers(house):
    with at_practice(house.id):
        roster.sign_rules(Ladder(), country="ES", because="a house in Spain", by=house.director, now=datetime.now(tz=UTC))
    page = words_of(Phone(house).get("forms/"))
    assert 'href="tel:024"' in page
    assert "988" not in page
