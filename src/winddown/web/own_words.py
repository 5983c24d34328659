"""What a patient or a stranger did not get, in their own language: a refusal's sentence by its code (docs/adr/0021-languages.md).

The floors below say it in English with its numbers, which a reader of English gets unchanged. Whoever reads another language gets a
sentence of the same sense; a refusal that has none here keeps its English words, marked as English, behind one that is understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from winddown.domain.refusals import Refusal

Words = str | Promise
CALL = lazy("Call the clinic.")
ANOTHER_TIME = lazy("Choose another time.")
ANOTHER_DAY = lazy("Choose another day.")
LATER = lazy("Try again later, or call the clinic.")
WRITE_IT = lazy("Write it.")
CHECK_IT = lazy("Check it.")

SAID: Mapping[str, tuple[Words, Words]] = {
    "address_taken": (lazy("This address is in use already."), lazy("Use another one.")),
    "answer_missing": (lazy("An answer is missing."), lazy("Answer every question.")),
    "answer_superseded": (lazy("This answer was corrected meanwhile."), lazy("Look at the newer one first.")),
    "asked_too_soon": (lazy("These questions were answered a short time ago."), lazy("They are asked again later.")),
    "birth_date_missing": (lazy("The birth date is missing."), lazy("Give day, month and year.")),
    "birth_date_wrong": (lazy("That is not the date of birth we have for these pages."), lazy("Try again, or call the clinic.")),
    "booking_moved": (lazy("This visit was changed meanwhile."), lazy("Look at it again.")),
    "booking_over": (lazy("This visit is over or cancelled."), CALL),
    "channel_without_address": (lazy("There is no address for the way of writing that was chosen."), WRITE_IT),
    "consent_answer": (lazy("No such answer."), lazy("Choose one of those shown.")),
    "consent_unfinished": (lazy("Something before the signature is not done yet."), lazy("Answer the questions first.")),
    "email": (lazy("This email address cannot be."), CHECK_IT),
    "email_invalid": (lazy("This email address cannot be."), CHECK_IT),
    "entry_gone": (lazy("This link has been used, or its time is over."), lazy("Ask for a new one; it takes a minute.")),
    "hold_lapsed": (lazy("This time was kept for you and is no longer."), lazy("Look for a time again.")),
    "home_number": (lazy("This number cannot be right."), lazy("Enter what the device shows.")),
    "hour": (lazy("This is no hour of the day."), CHECK_IT),
    "letters_unknown": (lazy("These letters are not of a visit at this time."), lazy("Check them, or speak with the front desk.")),
    "link_gone": (
        lazy("This link does not work anymore."),
        lazy("Ask the clinic for a new one. If you are in danger, call your local emergency number."),
    ),
    "may_missing": (lazy("The permission allows nothing."), lazy("Tick what this person may do.")),
    "name_missing": (lazy("A name is missing."), WRITE_IT),
    "not_now": (lazy("This visit is not at this time."), lazy("Speak with the front desk, or call the clinic.")),
    "not_permitted": (lazy("This page is the patient's own."), lazy("Ask the patient, who can change what you may do.")),
    "not_public": (lazy("This cannot be booked here."), CALL),
    "off_grid": (lazy("That is none of the free times."), lazy("Choose one of the free times.")),
    "offer_over": (lazy("This offer has ended."), lazy("You stay on the list.")),
    "offer_taken": (lazy("Somebody else was faster."), lazy("You stay on the list.")),
    "passkey_refused": (lazy("This passkey does not open these pages."), lazy("Ask for a link by email instead.")),
    "patient_booked": (lazy("You have another visit at that time."), ANOTHER_TIME),
    "person_first": (lazy("Somebody from the clinic speaks with you first."), lazy("Ask to be called.")),
    "phone": (lazy("This phone number cannot be."), CHECK_IT),
    "phone_invalid": (lazy("This phone number cannot be."), CHECK_IT),
    "phone_missing": (lazy("To call you, we need a phone number."), WRITE_IT),
    "question_missing": (lazy("There is no question yet."), WRITE_IT),
    "reach": (lazy("We need a way to reach you."), lazy("Give a phone number or an email.")),
    "signature_missing": (lazy("The name or the signature is missing."), lazy("Type your full name and sign.")),
    "spacing": (lazy("That time does not fit your series."), lazy("Choose a time nearer to the old one, or call the clinic.")),
    "thread_moved": (lazy("Somebody wrote here since you opened this page."), lazy("Read that first; what you typed is kept.")),
    "time_past": (lazy("That time is past."), ANOTHER_TIME),
    "time_taken": (lazy("That time is no longer free."), ANOTHER_TIME),
    "too_many": (lazy("That is too many at once."), LATER),
    "too_many_passkeys": (lazy("Too many passkeys are kept already."), lazy("Remove one first.")),
    "too_many_tries": (lazy("There were too many tries."), lazy("Wait fifteen minutes, or call the clinic.")),
    "until": (lazy("That day cannot be."), ANOTHER_DAY),
    "until_past": (lazy("That day is past."), ANOTHER_DAY),
    "visit_too_near": (lazy("This visit is over, or begins too soon to be changed here."), CALL),
    "words_do_not_fit": (lazy("These words are too long."), lazy("Say it with fewer.")),
    "words_long": (lazy("This message is too long."), lazy("Send it in two.")),
    "words_missing": (lazy("There are no words yet."), lazy("Write what you want to say.")),
}


@dataclass(frozen=True)
class Told:
    """A refusal as the reader gets it. english: its own words, where there are no others."""

    because: str
    way_out: str
    code: str
    english: str = ""


def told(refusal: Refusal) -> Told:
    """In the language of the page."""
    if (get_language() or "en").startswith("en"):
        return Told(refusal.because, refusal.way_out, refusal.code)
    if refusal.code in SAID:
        because, way_out = SAID[refusal.code]
        return Told(str(because), str(way_out), refusal.code)
    return Told(_("This was not done. The clinic's words for it are in English:"), "", refusal.code, f"{refusal.because} {refusal.way_out}")
