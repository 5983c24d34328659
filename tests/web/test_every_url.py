"""Every address of the house, asked by everyone: who gets in, what another practice's reference answers, and what a look leaves behind.

A new address is found by itself. If it takes a value under a name that is not in `samples`, these tests fail and say which to add.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLResolver, get_resolver

from tests import factories
from tests.factories import diary, own, shelf, visit
from tests.web.people.desk import anyone, signed_in
from winddown.domain.booking import safety_questions
from winddown.domain.public_site.packaged import Words
from winddown.record.models import (
    Alarm,
    Answer,
    Attachment,
    AuditEntry,
    Bag,
    Consent,
    ExportRun,
    OnCall,
    PatientFact,
    Reading,
    SensoryTest,
    SessionEvent,
    Shift,
    Task,
    VisitRequest,
    VisitType,
)
from winddown.record.scope import at_practice
from winddown.services import (
    answers,
    asking,
    bags,
    booking,
    calendar,
    consents,
    day_plans,
    devices,
    feeds,
    forms,
    links,
    patients,
    permissions,
    roster,
    sensory,
    sessions,
    tasks,
    waiting,
)
from winddown.services.screening import history, runs
from winddown.services.site import around, questions, texts
from winddown.web import urls as house_urls

FOREIGN = ("Foreignfamily", "Foreigngiven", "Foreignallergy", "Foreign-monitor")
OF_A_PATIENT = ("patients.ref", "orders.ref", "sessions.ref")
# Views that ask for a second permission inside: the front desk writes phones, not clinical facts.
STRICTER = {
    "patients/<uuid:ref>/facts/<slug:kind>/": frozenset({permissions.FRONT_DESK}),
    "patients/<uuid:ref>/facts/<uuid:fact>/correct/": frozenset({permissions.FRONT_DESK}),
    "patients/<uuid:ref>/facts/<uuid:fact>/end/": frozenset({permissions.FRONT_DESK}),
}


@dataclass(frozen=True)
class Address:
    """One pattern with its view; `parameters` are named as `samples` names them."""

    route: str
    view: Any
    parameters: dict[str, str] = field(hash=False)

    def filled(self, values: dict[str, Any]) -> str:
        path = self.route
        for written, name in self.parameters.items():
            path = path.replace(written, str(values[name]))
        return "/" + path

    @property
    def allowed(self) -> frozenset[str]:
        return permissions.PERMISSIONS[self.view.permission] - STRICTER.get(self.route, frozenset())

    @property
    def is_chart(self) -> bool:
        bound = any(name in OF_A_PATIENT for name in self.parameters.values())
        return bound and (self.view.permission == "chart.read" or self.route.startswith("patients/")) and not self.view.is_background


def addresses(entries: list[Any] = house_urls.urlpatterns, prefix: str = "") -> Iterator[Address]:
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        else:
            yield Address(route, entry.callback, _parameters(route))


def _parameters(route: str) -> dict[str, str]:
    """`<uuid:ref>` after patients/ is `patients.ref`; any other name stands for the same object wherever it appears."""
    named = {}
    for before, after in pairwise(route.split("<")):
        written = after.split(">")[0]
        kind = before.rstrip("/").split("/")[-1]
        name = written.split(":")[-1]
        named[f"<{written}>"] = f"{kind}.{name}" if name in ("ref", "pk") else name
    return named


EVERY = list(addresses())
GUARDED = [address for address in EVERY if not getattr(address.view, "is_public", True)]


def samples(house: Any, mark: str) -> dict[str, Any]:
    """One object of each kind that an address may name; what a person could read of them begins with `mark`."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        patient = factories.patient(house, now=now, family_name=f"{mark}family", given_name=f"{mark}given")
        patients.learn(patient, "allergy", {"substance": f"{mark}allergy"}, by=house.nurse, observed_at=now, now=now)
        order = factories.order(house, patient, now=now)
        session = factories.session(house, order, now=now)
        sessions.check_in(session, by=house.nurse, now=now)
        device = devices.enroll(key=f"{mark}-monitor", kind="monitor", location=house.location, words="", by=house.nurse, now=now)
        return {
            "patients.ref": patient.ref,
            "patient": patient.ref,
            "fact": PatientFact.objects.filter(patient=patient, kind="allergy").get().ref,
            "kind": "allergy",
            **_screened(house, patient, now),
            "orders.ref": order.ref,
            "order": order.ref,
            "courses.ref": order.course.ref,
            "course": order.course.ref,
            "protocols.ref": order.course.protocol.ref,
            "protocol": order.course.protocol.ref,
            "sessions.ref": session.ref,
            "session": session.ref,
            "event": SessionEvent.objects.filter(session=session).first().ref,
            "bags.ref": _bag(house, session, now).ref,
            "alarms.ref": _alarm(session, now).ref,
            "photo": _photo(house, session, now).ref,
            "reading": _reading(device, now).pk,
            "test": _sensory_test(house, patient, now).ref,
            "staff.ref": house.nurse_2.ref,
            "places.ref": house.location.ref,
            "place": house.location.ref,
            "chair": house.chairs[0].ref,
            "devices.ref": device.ref,
            "model_id": "pk_rs_default",
            "device": device.ref,
            **shelf.samples(house, session, now),
            "exports.ref": _export(house, now).ref,
            "token": links.token_of(forms.send(patient=patient, subject="set:evening", by=house.nurse, now=now)),
            "link": forms.send(patient=patient, subject="set:intake", by=house.nurse, now=now).ref,
            "instrument": "phq-9",
            "bank": "bank-fictional",
            "answer": _answer(house, patient, now).ref,
            "tasks.ref": _task(house, patient, now).ref,
            "duty": _duty(house, now).ref,
            **(booked := _booked(house, patient, now)),
            "consent": (consent := _consent(house, patient, now).ref),
            **own.samples(house, patient, visit=booked["visit"], consent=consent, now=now),
            "asked": _asked(house, now).ref,
            **_front(house, now),
            "about": "treatment",
            "clinic": house.practice.slug,
            "spoken": "en",
            **_on_the_site(house, now),
        }


def _on_the_site(house: Any, now: datetime) -> dict[str, Any]:
    """An article under review, a question that waits."""
    text = texts.open_article("A fictional article", by=house.nurse, now=now)
    texts.write(text, "en", Words("A fictional article", "About nothing.", "Words."), because="a test", by=house.nurse, now=now)
    made = questions.ask(None, "May I ask?", language="en", address="192.0.2.1", too_quick=False, trapped=False, now=now)
    days = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=3)}
    notice = around.post_notice({"en": "A fictional notice."}, location=None, **days, by=house.nurse, now=now)
    return {
        "notices.ref": notice.ref,
        "where": "sandusky",
        "article": text.slug,
        "question": made.ref,
        "texts.ref": text.ref,
        "written": "en",
    }


def _booked(house: Any, patient: Any, now: datetime) -> dict[str, Any]:
    kind = diary.open_diary(house, now.date() + timedelta(days=7 - now.weekday()), now=now, weeks=1)
    slot = calendar.free(kind, [house.location], now.date() + timedelta(days=1), 8, now=now)[house.location][0]
    made = booking.book(kind, house.location, slot.start, now=now, by=house.front_desk, patient=patient)
    return {"bookings.ref": made.ref, "visit": made.ref, "shifts.ref": Shift.objects.first().ref}


def _front(house: Any, now: datetime) -> dict[str, Any]:
    kind, soon = VisitType.objects.first(), now.date() + timedelta(days=9)
    wish = waiting.wish(kind, until=soon, by=house.front_desk, now=now, contact={"name": "Own Waiting"})
    feed = feeds.make(chair=house.chairs[0], by=house.front_desk, now=now)
    planned = day_plans.propose(house.location, now.date(), by=house.front_desk, now=now)
    return {"wish": wish.ref, "feed": feed.ref, "plan": planned.ref}


def _asked(house: Any, now: datetime) -> VisitRequest:
    contact = {"name": "Own Caller", "given_name": "Own", "family_name": "Caller", "phone": "+14195550142"}
    told = {"answers": dict.fromkeys(safety_questions.QUESTIONS, "unsure"), "contact": contact}
    return asking.ask_to_be_called(house.location, "soon", **told, by=house.front_desk, now=now, key=uuid4())


def _screened(house: Any, patient: Any, now: datetime) -> dict[str, Any]:
    note = {"by": house.nurse, "now": now}
    entry = history.add(patient, "prior_treatment", {"name": "gabapentin"}, informant="staff", observed_at=now, **note)
    run = runs.keep(patient, runs.look(patient, now=now, track="pain"), **note)
    return {"run": run.ref, "entry": entry.ref, "list": "medicine", "check": "ecg"}


def _answer(house: Any, patient: Any, now: datetime) -> Answer:
    told = {"instrument": "phq-9", "version": "1", "language": "en", "answered_at": now, "source": "staff"}
    return answers.submit(patient=patient, items={"1": "2", "9": "0"}, by=house.nurse, now=now, **told)


def _bag(house: Any, session: Any, now: datetime) -> Bag:
    return bags.make(session, visit.BAG, by=house.nurse, second=house.nurse_2, now=now)


def _alarm(session: Any, now: datetime) -> Alarm:
    told = {
        "condition": "systolic_high",
        "severity": "medium",
        "words": "systolic 182 mmHg, limit 180",
        "raised_at": now,
        "written_at": now,
    }
    alarm = Alarm(session=session, chair=session.chair, location=session.location, **told)
    alarm.save()
    return alarm


def _export(house: Any, now: datetime) -> ExportRun:
    run = ExportRun(form="full", state="failed", asked_at=now, by=house.director)
    run.save()
    return run


def _task(house: Any, patient: Any, now: datetime) -> Task:
    told = {"kind": "suicide_risk", "urgency": "same_day", "words": "a fictional reason", "due_at": now + timedelta(hours=2)}
    return tasks.open_task(**told, location=house.location, patient=patient, subject=f"patient:{patient.ref}", now=now)


def _consent(house: Any, patient: Any, now: datetime) -> Consent:
    """A consent signed on a screen, with its paper."""
    consents.adopt_packaged("treatment", by=house.director, now=now)
    link = links.make(patient=patient, purpose="consent", subject="treatment", by=house.nurse, now=now)
    sitting = consents.open_sitting(link, patient, language="en", now=now)
    for place, question in enumerate(consents.text_of(sitting.text).questions):
        consents.step(sitting, "answered", {"question": place, "choice": question.right}, now=now)
    for statement in ("off_label", "regulator"):
        consents.step(sitting, "acknowledged", {"statement": statement}, now=now)
    signed = {"typed_name": patient.name, "strokes": "", "confirmed": True}
    return consents.sign(sitting, **signed, press=lambda signing: b"%PDF-a-fictional-paper", now=now).consent


def _duty(house: Any, now: datetime) -> OnCall:
    span = {"starts_at": now, "ends_at": now + timedelta(hours=8)}
    return roster.put_on_call(house.location, house.prescriber, **span, by=house.director, now=now)


def _photo(house: Any, session: Any, now: datetime) -> Attachment:
    photo = Attachment(session=session, media_type="image/png", sha256="0" * 64, content=b"not a picture", written_at=now, by=house.nurse)
    photo.save()
    return photo


def _sensory_test(house: Any, patient: Any, now: datetime) -> SensoryTest:
    sites = {"control": "back-left-hand", "affected": "back-right-hand"}
    return sensory.begin(patient, "bedside", **sites, by=house.nurse, now=now)


def _reading(device: Any, now: datetime) -> Reading:
    reading = Reading(
        device=device, kind="spo2", value=97, unit="%", raw_value="97", observed_at=now, received_at=now, source="monitor", label="accepted"
    )
    reading.save()
    return reading


@pytest.fixture(scope="module")
def two(urls):
    """Practice A with its objects and a browser per role, and the objects of practice B, which nobody in A may see."""
    a, b = factories.house(urls), factories.house(urls)
    foreign = samples(b, "Foreign")
    browsers = {role: _lenient(signed_in(a, role)) for role in permissions.ROLES}
    return a, samples(a, "Own"), foreign, browsers


@dataclass(frozen=True)
class Visit:
    """A permitted person asked for an address of their own practice."""

    address: Address
    role: str
    status: int
    leaked: tuple[str, ...]
    left_a_trace: bool


@pytest.fixture(scope="module")
def visits(two):
    house, mine, _foreign, browsers = two
    return [_visit(house, mine, address, role, browsers[role]) for address in GUARDED for role in sorted(address.allowed)]


def _visit(house: Any, mine: dict[str, Any], address: Address, role: str, browser: Any) -> Visit:
    before = _looks(house, mine) if address.is_chart else 0
    response = browser.get(address.filled(mine))
    after = _looks(house, mine) if address.is_chart else 0
    return Visit(address, role, response.status_code, tuple(leaks(response)), after > before)


def _looks(house: Any, mine: dict[str, Any]) -> int:
    with at_practice(house.id):
        return AuditEntry.objects.filter(patient__ref=mine["patients.ref"], act="read chart").count()


def _lenient(browser: Any) -> Any:
    """A broken page is a 500 to report beside the others, not an exception that hides them."""
    browser.raise_request_exception = False
    return browser


def body(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


def leaks(response: Any) -> list[str]:
    text = body(response)
    return [word for word in FOREIGN if word in text]


def wrong(address: Address, found: int, expected: tuple[int, ...], who: str) -> list[str]:
    return [] if found in expected else [f"{who}, {address.route}: {found}, not {expected}"]


def test_every_value_in_an_address_has_a_sample(two):
    _house, mine, _foreign, _browsers = two
    missing = {name for address in EVERY for name in address.parameters.values()} - set(mine)
    assert not missing, f"add to samples() in {__file__}: {sorted(missing)}"


def test_every_view_says_who_may_enter_it():
    silent = [address.route for address in EVERY if not hasattr(address.view, "is_public")]
    assert not silent, f"decorate with @page, @desk or @public: {silent}"


def test_nothing_is_mounted_but_this_house_and_the_guarded_sign_in_library():
    mounted = [(str(entry.pattern), entry.urlconf_name) for entry in get_resolver().url_patterns]
    assert [prefix for prefix, _module in mounted] == ["accounts/", ""]
    library = list(addresses(get_resolver().url_patterns[0].url_patterns, "accounts/"))
    assert [address.route for address in library if not hasattr(address.view, "house_door")] == []


def test_a_stranger_gets_no_further_than_the_sign_in_page(two):
    _house, mine, _foreign, _browsers = two
    stranger, found = anyone(), []
    for address in GUARDED:
        for ask in (stranger.get, stranger.post):
            response = ask(address.filled(mine))
            found += wrong(address, response.status_code, (302, 401), "a stranger")
            if response.status_code == 302 and not response["Location"].startswith("/accounts/login/"):
                found.append(f"{address.route} leads a stranger to {response['Location']}")
    assert not found, "\n".join(found)


def test_each_role_enters_what_the_table_says_and_nothing_else(two, visits):
    _house, mine, _foreign, browsers = two
    found = [line for visit in visits for line in wrong(visit.address, visit.status, (200, 302, 405, 422), visit.role)]
    for address in GUARDED:
        for role in sorted(set(browsers) - address.allowed):
            for ask in (browsers[role].get, browsers[role].post):
                found += wrong(address, ask(address.filled(mine)).status_code, (403,), role)
    assert not found, "\n".join(found)


def test_a_reference_of_another_practice_is_not_found_and_gives_nothing_away(two):
    _house, mine, foreign, browsers = two
    found = []
    for address in GUARDED:
        for name in [name for name in address.parameters.values() if mine[name] != foreign[name]]:
            for role in sorted(address.allowed):
                found += _refused(address, browsers[role], mine | {name: foreign[name]}, f"{role} with B's {name}")
            nobodys = 2**31 if isinstance(mine[name], int) else uuid4()
            found += _refused(address, browsers[role], mine | {name: nobodys}, f"{role} with nobody's {name}")
    assert not found, "\n".join(found)


def _refused(address: Address, browser: Any, values: dict[str, Any], who: str) -> list[str]:
    """Not found, asked for or posted to; one of the two may be no way to ask at all."""
    answers = browser.get(address.filled(values)), browser.post(address.filled(values))
    found = [line for answer in answers for line in wrong(address, answer.status_code, (404, 405), who)]
    found += [f"{who}, {address.route}: leaks {words}" for answer in answers if (words := leaks(answer))]
    if [answer.status_code for answer in answers] == [405, 405]:
        found.append(f"{who}, {address.route}: answers neither GET nor POST")
    return found


def test_no_page_of_one_practice_names_anyone_of_another(visits):
    found = [f"{visit.role}, {visit.address.route}: names {visit.leaked}" for visit in visits if visit.leaked]
    assert not found, "\n".join(found)


def test_every_look_at_a_chart_leaves_a_line_about_that_patient(visits):
    charts = [visit for visit in visits if visit.address.is_chart and visit.status == 200]
    assert charts
    found = [f"{visit.role} reads {visit.address.route} without a trace" for visit in charts if not visit.left_a_trace]
    assert not found, "\n".join(found)


def test_an_empty_form_is_answered_in_words_and_never_breaks_the_page(urls):
    house = factories.house(urls)
    mine, found = samples(house, "Own"), []
    for address in GUARDED:
        role = sorted(address.allowed)[-1]
        response = _lenient(signed_in(house, role)).post(address.filled(mine))
        found += wrong(address, response.status_code, (200, 302, 400, 403, 404, 405, 409, 422), f"{role} posting nothing")
    assert not found, "\n".join(found)
