"""Consent on the screen: by link step by step, on the clinic's tablet, the paper, and the director's texts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.web.people.desk import anyone, signed_in, words_of
from winddown.domain.consent.packaged import packaged
from winddown.record.models import Consent, ConsentPaper, ConsentTextVersion
from winddown.record.scope import at_practice
from winddown.services import consents, links

RIGHT = {"question_0": "1", "question_1": "0", "question_2": "2"}


class Phone:
    """A patient's phone with a link to the consent in one language."""

    def __init__(self, house, language="en", about="treatment"):
        now = datetime.now(tz=UTC)
        with at_practice(house.id):
            self.patient = factories.patient(house, now=now)
            consents.adopt_packaged(about, by=house.director, now=now)
            link = links.make(patient=self.patient, purpose="consent", subject=about, by=house.nurse, now=now, language=language)
            self.path = f"{links.path_of(link)}consent/"
        self.browser, self.house = anyone(), house

    def see(self):
        return words_of(self.browser.get(self.path))

    def post(self, **told):
        return self.browser.post(self.path, told)

    def everything(self):
        self.post(step="answer", seconds="61", **RIGHT)
        for statement in ("off_label", "regulator"):
            self.post(step="acknowledge", statement=statement)


@pytest.fixture
def phone(house):
    return Phone(house)


def test_a_wrong_answer_shows_its_paragraph_once_more_and_the_right_one_settles_it(phone):
    assert "Please read this once more" not in phone.see()
    phone.post(step="answer", **(RIGHT | {"question_1": "1"}))
    page = phone.see()
    assert page.count("Please read this once more") == 1
    assert page.count("Answered rightly") == 2
    phone.post(step="answer", question_1="0")
    assert phone.see().count("Answered rightly") == 3


def test_the_whole_consent_signed_with_a_drawing_gives_a_paper_that_is_a_pdf_with_its_hash(phone):
    phone.everything()
    strokes = "M 10 60 " + " ".join(f"L {10 + 9 * n} {60 + (n % 5) * 11}" for n in range(30))
    assert phone.post(step="sign", typed_name="Avery Testcase", signature=strokes, seconds="20").status_code == 302
    page = phone.see()
    assert "You signed on" in page
    pdf = phone.browser.get(f"{phone.path}paper/")
    assert pdf.content.startswith(b"%PDF")
    with at_practice(phone.house.id):
        paper = ConsentPaper.objects.get(consent__patient=phone.patient)
        assert bytes(paper.pdf) == pdf.content
        assert paper.reading_seconds == 81


def test_a_typed_name_signs_too_and_a_missing_step_is_refused_in_words(phone):
    refused = phone.post(step="sign", typed_name="Avery Testcase", confirmed="yes")
    assert refused.status_code == 422
    assert "Answer the three questions" in words_of(refused)
    assert "Avery Testcase" in words_of(refused)
    phone.everything()
    assert phone.post(step="sign", typed_name="Avery Testcase", confirmed="yes").status_code == 302
    with at_practice(phone.house.id):
        assert Consent.objects.get(patient=phone.patient).kind == "signed"


def test_a_drawing_that_is_none_is_refused_and_nothing_is_signed(phone):
    phone.everything()
    refused = phone.post(step="sign", typed_name="Avery", signature="<svg/onload=alert(1)>")
    assert refused.status_code == 422
    with at_practice(phone.house.id):
        assert not Consent.objects.filter(patient=phone.patient).exists()


def test_a_withdrawal_on_the_same_page_holds(phone):
    phone.everything()
    phone.post(step="sign", typed_name="Avery Testcase", confirmed="yes")
    phone.post(step="withdraw", words="not now")
    assert "Withdrawn on" in phone.see()
    with at_practice(phone.house.id):
        assert Consent.objects.filter(patient=phone.patient).order_by("id").last().kind == "withdrawn"


def test_in_spanish_the_text_and_the_page_are_spanish(house):
    page = Phone(house, language="es").see()
    assert "Consentimiento para el tratamiento con ketamina" in page
    assert "Tres preguntas" in page
    assert "Three questions" not in page


def test_the_figures_name_their_source_and_what_they_are_a_share_of(phone):
    page = phone.see()
    assert "(YALE24)" in page
    assert "no infusion given here yet" in page
    assert "not counted here" in page


def test_before_the_director_signed_a_text_the_link_says_so(house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        link = links.make(patient=factories.patient(house), purpose="consent", subject="treatment", by=house.nurse, now=now)
    answer = anyone().get(f"{links.path_of(link)}consent/")
    assert answer.status_code == 422
    assert "has not approved a consent text yet" in words_of(answer)


def test_on_the_tablet_the_staff_screen_is_locked_before_the_patient_has_it(house):
    phone, nurse = Phone(house), signed_in(house, "nurse")
    answer = nurse.post(f"/patients/{phone.patient.ref}/consents/send/", {"about": "treatment", "here": "yes"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/p/")
    assert nurse.get("/patients/").status_code == 302
    assert "Three questions" in words_of(nurse.get(f"{answer['Location']}consent/"))


def test_a_link_for_home_is_shown_once_on_the_page(house):
    phone, nurse = Phone(house), signed_in(house, "nurse")
    page = f"/patients/{phone.patient.ref}/consents/"
    assert "/p/" in words_of(nurse.post(f"{page}send/", {"about": "treatment"}, follow=True))
    assert "The link is made" not in words_of(nurse.get(page))


def test_the_director_reads_the_template_and_signs_it_and_an_unclear_one_is_refused_with_its_line(house):
    director = signed_in(house, "director")
    assert "This is a template" in words_of(director.get("/consent-texts/treatment/new/"))
    told = {**packaged("treatment"), "valid_days": "90", "because": "read and adopted"}
    refused = director.post("/consent-texts/treatment/new/", told | {"en": told["en"].replace("# Consent", "Consent", 1)})
    assert refused.status_code == 422
    assert director.post("/consent-texts/treatment/new/", told).status_code == 302
    with at_practice(house.id):
        assert ConsentTextVersion.objects.filter(version=1).count() == 2
    assert "Version 1" in words_of(director.get("/consent-texts/"))
