"""Patients as facts: the same form sent twice, two desks at once, and two records of one person."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from tests import factories
from winddown.domain.refusals import NotAllowed, OutOfRange, Refusal
from winddown.record.models import Patient, PatientFact
from winddown.record.scope import at_practice
from winddown.services import patients, people

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
WHO = {"birth_date": date(1980, 1, 2), "sex": "female"}


def test_a_form_sent_twice_is_one_patient_and_one_fact(house):
    key, fact = uuid4(), uuid4()
    with at_practice(house.id):
        told = {"family_name": "Twice", "given_name": "Sent", **WHO, "by": house.nurse, "now": NOW, "key": key}
        assert patients.register(**told) == patients.register(**told)
        person = Patient.objects.get(ref=key)
        for _ in range(2):
            patients.learn(person, "allergy", {"substance": "latex"}, by=house.nurse, observed_at=NOW, now=NOW, key=fact)
        assert PatientFact.objects.filter(patient=person, kind="allergy").count() == 1


def test_two_desks_at_once_give_two_record_numbers(house):
    made, failed = [], []

    def register(name: str) -> None:
        try:
            with at_practice(house.id):
                made.append(
                    patients.register(family_name=name, given_name="A", **WHO, by=house.nurse, now=NOW, although="two people").record_number
                )
        except Exception as why:
            failed.append(why)
        finally:
            connection.close()

    desks = [threading.Thread(target=register, args=(name,)) for name in ("Oneperson", "Otherperson")]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert failed == []
    assert sorted(made) == ["W000001", "W000002"]


def test_a_typed_number_that_is_taken_is_refused_by_name(house):
    with at_practice(house.id):
        told = {**WHO, "by": house.nurse, "now": NOW, "record_number": "K-7"}
        patients.register(family_name="First", given_name="A", **told)
        with pytest.raises(Refusal) as refused:
            patients.register(family_name="Second", given_name="B", **told, although="another person")
        assert refused.value.because == "Record number K-7 is taken."


def test_a_merge_keeps_the_allergy_and_the_consent_of_the_duplicate(house):
    with at_practice(house.id):
        stays, duplicate = factories.patient(house, now=NOW), factories.patient(house, now=NOW)
        patients.learn(duplicate, "allergy", {"substance": "latex"}, by=house.nurse, observed_at=NOW, now=NOW)
        patients.sign_consent(
            duplicate, signed_on=NOW.date(), expires_on=NOW.date() + timedelta(days=90), words="paper", by=house.nurse, now=NOW
        )
        patients.merge(duplicate, stays, because="same birth date and wristband", by=house.nurse, now=NOW)
        assert patients.card(stays).allergies == ("latex",)
        assert patients.consent_on(stays, NOW.date()).patient_id == duplicate.pk


def test_a_weight_no_adult_has_is_refused_with_the_limits(house):
    with at_practice(house.id), pytest.raises(OutOfRange) as refused:
        patients.learn(factories.patient(house, now=NOW), "weight", {"weight_kg": "700"}, by=house.nurse, observed_at=NOW, now=NOW)
    assert refused.value.because == "A weight of 700 kg is outside 20-350 kg."


def test_five_wrong_pins_block_and_a_right_one_forgets_the_wrong_ones(house):
    with at_practice(house.id):
        second = house.nurse_2
        for _ in range(4):
            people.count_wrong_pin(str(second.ref), now=NOW)
        assert people.prove_second(str(second.ref), factories.PIN, first=house.nurse, now=NOW) == second
        for _ in range(5):
            people.count_wrong_pin(str(second.ref), now=NOW)
        with pytest.raises(NotAllowed) as refused:
            people.prove_second(str(second.ref), factories.PIN, first=house.nurse, now=NOW)
        assert refused.value.code == "pin_blocked"
        assert people.prove_second(str(second.ref), factories.PIN, first=house.nurse, now=NOW + timedelta(minutes=6)) == second
