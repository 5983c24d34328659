"""What is seen in a stranger's words, and what is not taken for a sign of a person."""

from __future__ import annotations

import pytest

from winddown.domain.public_site.questions import BLANK, LONGEST, checked, fingerprint, holds, shows_help, without_signs
from winddown.domain.refusals import Missing, OutOfRange

HELD = [
    ("I want to kill myself", {"red"}),
    ("Ya no quiero vivir con este dolor", {"red"}),
    ("I cannot go on like this anymore", {"read"}),
    ("Call me at 419-555-0142 please", {"phone"}),
    ("mi número es (419) 555 0142", {"phone"}),
    ("write to jo.sample@example.test about the dose", {"email"}),
    ("jo (at) example (dot) test is my mail", {"email"}),
    ("My name is Avery Sample and I have CRPS", {"name"}),
    ("Me llamo Ana Ejemplo y tengo dolor", {"name"}),
    ("I live at 12 Invented Street, is that far?", {"address"}),
    ("vivo en la calle Inventada 12", {"address"}),
    ("Cheap meds here https://spam.test buy now", {"advertising"}),
    ("My name is Avery, call 419 555 0142, I will end my life", {"red", "phone", "name"}),
]
PLAIN = [
    "Does ketamine help CRPS of the left foot?",
    "I had 0.5 mg/kg over 40 minutes on 2025-03-14 and felt nothing.",
    "Is 100 mg in 100 mL too much at 70 kg? My pressure was 140/90.",
    "I was told 12/05/2024 was my last infusion.",
    "¿Puede venir mi hija conmigo?",
    "I have had pain since 2019 and take 300 mg gabapentin 3 times a day.",
    "My doctor says 1000 to 2000 mg.",
]


@pytest.mark.parametrize(("text", "found"), HELD)
def test_a_question_that_hides_harm_or_a_person_is_held(text, found):
    assert set(holds(text)) == found


@pytest.mark.parametrize("text", PLAIN)
def test_doses_dates_and_ages_are_no_signs_of_a_person(text):
    assert holds(text) == ()


def test_help_is_shown_after_words_of_harm_and_after_a_phone_number_but_not_to_an_advertiser():
    assert [shows_help(holds(text)) for text in ("I want to die", "419 555 0142", "buy now casino", "Does it hurt?")] == [
        True,
        True,
        False,
        False,
    ]


def test_what_tells_who_wrote_is_blanked_out_and_the_rest_stays():
    text = "My name is Avery Sample. Call 419-555-0142 or a@b.test. Did 100 mg on 2025-03-14 help?"
    assert without_signs(text) == f"{BLANK}. Call {BLANK} or {BLANK}. Did 100 mg on 2025-03-14 help?"


def test_the_same_words_have_one_fingerprint_whatever_their_case_and_accents():
    assert fingerprint("¿Cuánto dura?") == fingerprint("cuanto  DURA") != fingerprint("cuanto cuesta")


def test_an_empty_and_an_endless_question_are_refused():
    with pytest.raises(Missing):
        checked("  hm ")
    with pytest.raises(OutOfRange):
        checked("a" * (LONGEST + 1))
