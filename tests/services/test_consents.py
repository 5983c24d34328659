"""Consent in the record: nothing is signed before all is done, the paper stays as it was, and a start waits for a consent in force."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests import factories
from tests.factories import visit as whole
from winddown.domain.consent.packaged import packaged
from winddown.domain.consent.text import TextUnclear
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange
from winddown.record.models import Consent, ConsentPaper, ConsentSitting, ConsentStep, ConsentTextVersion, Task
from winddown.record.queries.infusions import unwanted_effects
from winddown.record.scope import at_practice
from winddown.services import bedside, consents, gates, links, patients

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
PDF = b"%PDF-a-fictional-paper"
STROKES = "M 10 10 " + " ".join(f"L {10 + n}.5 {20 + n}" for n in range(20))


def after(minutes):
    return NOON + timedelta(minutes=minutes)


class Desk:
    """A patient with a link to the text that the director adopted."""

    def __init__(self, house, about="treatment"):
        self.house, self.patient = house, factories.patient(house, now=NOON)
        consents.adopt_packaged(about, by=house.director, now=after(-600))
        self.link = links.make(patient=self.patient, purpose="consent", subject=about, by=house.nurse, now=NOON)
        self.sitting = consents.open_sitting(self.link, self.patient, language="en", now=NOON)
        self.text = consents.text_of(self.sitting.text)

    def answer(self, place, *, right=True):
        wanted = self.text.questions[place].right
        choice = wanted if right else (wanted + 1) % len(self.text.questions[place].choices)
        return consents.step(self.sitting, "answered", {"question": place, "choice": choice}, now=after(2))

    def acknowledge(self, statement, minute=3):
        return consents.step(self.sitting, "acknowledged", {"statement": statement}, now=after(minute))

    def do_everything(self):
        for place in range(3):
            self.answer(place)
        self.acknowledge("off_label")
        self.acknowledge("regulator", 4)
        consents.step(self.sitting, "read", {"seconds": 93}, now=after(4))

    def sign(self, **changes):
        told = {"typed_name": "Avery Testcase", "strokes": "", "confirmed": True, "press": lambda signing: PDF, "now": after(5)}
        return consents.sign(self.sitting, **(told | changes))


@pytest.fixture
def desk(house):
    with at_practice(house.id):
        yield Desk(house)


def test_a_signature_needs_three_right_answers_and_both_statements(desk):
    with pytest.raises(Missing):
        desk.sign()
    for place in range(3):
        desk.answer(place)
    desk.acknowledge("off_label")
    with pytest.raises(Missing) as refused:
        desk.sign()
    assert refused.value.where == "regulator"
    assert not Consent.objects.filter(patient=desk.patient).exists()


def test_a_wrong_answer_opens_its_paragraph_until_it_is_mended(desk):
    assert desk.answer(1, right=False).reopened == (desk.text.questions[1].paragraph,)
    assert desk.answer(1).reopened == ()


def test_the_signed_consent_keeps_version_language_hash_reading_time_and_paper(desk):
    desk.do_everything()
    paper = desk.sign()
    assert (paper.reading_seconds, bytes(paper.pdf), paper.sha256) == (93, PDF, hashlib.sha256(PDF).hexdigest())
    assert (paper.sitting.text.version, paper.sitting.text.language, len(paper.sitting.text.sha256)) == (1, "en", 64)
    assert patients.consent_on(desk.patient, NOON.date() + timedelta(days=180)) == paper.consent
    assert patients.consent_on(desk.patient, NOON.date() + timedelta(days=181)) is None


def test_each_acknowledgement_keeps_its_own_time(desk):
    desk.do_everything()
    told = {row.data["statement"]: row.at for row in ConsentStep.objects.filter(sitting=desk.sitting, kind="acknowledged")}
    assert told == {"off_label": after(3), "regulator": after(4)}


def test_signing_twice_is_signing_once(desk):
    desk.do_everything()
    assert desk.sign() == desk.sign(now=after(9))
    assert ConsentPaper.objects.filter(sitting=desk.sitting).count() == 1


def test_a_step_sent_twice_is_one_step(desk):
    key = uuid4()
    for _ in range(2):
        consents.step(desk.sitting, "read", {"seconds": 30}, now=after(1), key=key)
    assert consents.reading_of(desk.sitting).seconds == 30


def test_a_drawn_signature_is_kept_as_strokes_and_nonsense_is_refused(desk):
    desk.do_everything()
    for nonsense in ("M 1 1", "<svg onload=x>", "M 10 10 L 5000 1" * 9, "data:image/png;base64,AAAA"):
        with pytest.raises(OutOfRange):
            desk.sign(strokes=nonsense)
    paper = desk.sign(strokes=STROKES, confirmed=False)
    assert STROKES in paper.signature


def test_a_typed_name_needs_its_confirmation(desk):
    desk.do_everything()
    with pytest.raises(Missing):
        desk.sign(confirmed=False)
    with pytest.raises(Missing):
        desk.sign(typed_name="  ")


def test_the_figures_of_the_day_stay_with_the_sitting(desk):
    assert [each["key"] for each in desk.sitting.figures][:2] == ["pressure", "stopped"]
    assert all(each["of"] == 0 for each in desk.sitting.figures if each["of"] is not None)


def test_nobody_signs_before_the_director_did(house):
    with at_practice(house.id):
        patient = factories.patient(house, now=NOON)
        link = links.make(patient=patient, purpose="consent", subject="treatment", by=house.nurse, now=NOON)
        with pytest.raises(Missing):
            consents.open_sitting(link, patient, language="en", now=NOON)
        with pytest.raises(NotAllowed):
            consents.adopt_packaged("treatment", by=house.nurse, now=NOON)


def test_a_text_whose_languages_differ_is_refused_and_nothing_changes(house):
    with at_practice(house.id):
        sources = dict(packaged("treatment"))
        sources["es"] = sources["es"].replace("## day:", "## dia:")
        with pytest.raises(TextUnclear):
            consents.publish("treatment", sources, valid_days=180, renew=False, because="new", by=house.director, now=NOON)
        assert not ConsentTextVersion.objects.exists()


def test_a_new_version_opens_a_new_sitting_and_the_old_paper_stays(desk):
    desk.do_everything()
    paper = desk.sign()
    changed = {language: source.replace("2", "two") for language, source in packaged("treatment").items()}
    consents.publish("treatment", changed, valid_days=90, renew=False, because="plainer", by=desk.house.director, now=after(60))
    again = consents.open_sitting(desk.link, desk.patient, language="es", now=after(61))
    assert (again.text.version, again.text.language) == (2, "es")
    assert ConsentSitting.objects.get(pk=paper.sitting_id).text.version == 1


def consent_line(session, now):
    return next(line for line in gates.start_lines(session, now=now) if line.key == "consent")


@pytest.fixture
def visit(desk):
    desk.session = factories.session(desk.house, factories.order(desk.house, desk.patient, now=NOON), now=NOON, start=after(30))
    return desk


def test_a_start_waits_for_a_consent_and_stops_when_it_is_withdrawn_expired_or_renewed(visit):
    assert consent_line(visit.session, after(31)).state == "stop"
    visit.do_everything()
    visit.sign()
    assert consent_line(visit.session, after(31)).state == "missing"
    assert consent_line(visit.session, after(60 * 24 * 190)).state == "stop"
    consents.publish(
        "treatment", packaged("treatment"), valid_days=90, renew=True, because="a new risk", by=visit.house.director, now=after(40)
    )
    assert "must be signed anew" in consent_line(visit.session, after(41)).sentence


def test_a_withdrawal_by_the_patient_holds_at_once_and_somebody_calls(visit):
    visit.do_everything()
    visit.sign()
    consents.withdraw(visit.sitting, words="I changed my mind", now=after(20))
    assert consent_line(visit.session, after(21)).state == "stop"
    assert Task.objects.filter(kind="call_patient", patient=visit.patient).exists()


def test_the_permission_for_a_caregiver_is_apart(house):
    with at_practice(house.id):
        desk = Desk(house, "caregiver")
        assert not consents.caregiver_allowed(desk.patient, today=NOON.date())
        desk.do_everything()
        desk.sign()
        assert consents.caregiver_allowed(desk.patient, today=NOON.date())
        assert patients.consent_on(desk.patient, NOON.date()) is None
        consents.withdraw(desk.sitting, words="", now=after(30))
        assert not consents.caregiver_allowed(desk.patient, today=NOON.date())


def test_a_question_before_signing_is_a_task_and_its_red_words_are_seen(desk):
    consents.step(desk.sitting, "asked", {"words": "What if I want to die afterwards?"}, now=after(2))
    kinds = set(Task.objects.filter(patient=desk.patient).values_list("kind", "urgency"))
    assert kinds == {("consent_question", "soon"), ("red_words", "urgent")}


def test_the_clinic_counts_its_own_infusions_and_a_retracted_event_does_not_count(house):
    with at_practice(house.id):
        assert unwanted_effects() == ({"stopped": 0, "nausea": 0, "perception": 0, "pressure": 0}, 0)
        session = factories.session(house, now=NOON, start=NOON)
        whole.make_ready(house, session, NOON)
        whole.start(house, session, after(1))
        told = {"grade": "1", "words": "", "by": house.nurse}
        bedside.adverse_event(session, "nausea", now=after(5), **told)
        gone = bedside.adverse_event(session, "hallucination", now=after(6), **told)
        bedside.observe(session, {"systolic": "184", "diastolic": "96", "pulse_rate": "90"}, {}, by=house.nurse, now=after(8))
        bedside.retract(gone, because="said of another patient", by=house.nurse, now=after(9))
        assert unwanted_effects() == ({"stopped": 0, "nausea": 1, "perception": 0, "pressure": 1}, 1)
