"""A patient with infusions in the past and evenings of pain before and after them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests import factories

BAG = {
    "bag": "1",
    "total_mg": "100",
    "volume_ml": "100",
    "concentration_mg_per_ml": "1",
    "line_volume_ml": "0",
    "primed_with": "drug",
}


def infused(house, order, at: datetime, *, minutes: int = 40, rate_ml_per_h: str = "52.5"):
    """One infusion as facts of its story, from the bag to the way home, without the gate. At 1 mg/mL: 52.5 mL/h is 52.5 mg/h."""
    from winddown.services import stories

    session = factories.session(house, order, start=at, now=at, minutes=minutes + 60)
    end = at + timedelta(minutes=minutes)
    for kind, data, moment in (
        ("bag_hung", BAG | {"use_by": (at + timedelta(hours=12)).isoformat()}, at),
        ("started", {"rate_ml_per_h": rate_ml_per_h}, at),
        ("infusion_completed", {}, end),
        ("discharged", {}, end + timedelta(minutes=60)),
    ):
        stories.write(session, kind, data, by=house.nurse, now=moment)
    return session


def answered(house, patient, instrument: str, items: dict, at: datetime, *, now: datetime | None = None):
    from winddown.services import answers

    told = {"version": "1", "language": "en", "source": "staff", "by": house.nurse}
    return answers.submit(patient=patient, instrument=instrument, items=items, answered_at=at, now=now or at, **told)


def evenings(house, patient, first: datetime, pains: dict[int, float]) -> None:
    """Pain of evenings by day from `first`; days may lie before it."""
    for day, pain in sorted(pains.items()):
        answered(house, patient, "pain-nrs", {"average": pain}, first + timedelta(days=day, hours=10))


def held_here(house, key: str, at: datetime, *, evenings_each: int = 13, patients: int = 8, error: float = 0.6) -> None:
    """Forecasts under a protocol that were made unseen and laid beside evenings: nine in ten held, better than both simple rules."""
    from winddown.record.models import Answer, Patient, ReliefForecast, ReliefScore

    here, first = {"practice_id": house.id}, Patient.objects.count()
    people = [
        Patient(
            record_number=f"H{first + n}", family_name="Held", given_name=str(n), birth_date=date(1950 + 6 * n, 1, 1), created_at=at, **here
        )
        for n in range(patients)
    ]
    Patient.objects.bulk_create(people)
    rows, given, scores = [], [], []
    for number, person in enumerate(people):
        about = {"protocol": key, "location": house.location.pk, "age": 76 - 6 * number, "beside": "opioid" if number % 2 else "none"}
        rows.append(
            ReliefForecast(patient=person, moment="night", model_id="relief-weeks/1", inputs={}, content={}, about=about, at=at, **here)
        )
        for day in range(evenings_each):
            told = {"instrument": "pain-nrs", "version": "1", "language": "en", "items": {}, "judged": {}, "source": "staff", **here}
            given.append(Answer(patient=person, answered_at=at + timedelta(days=day), written_at=at, by=house.nurse, score=5, **told))
    Answer.objects.bulk_create(given)
    ReliefForecast.objects.bulk_create(rows)
    for place, answer in enumerate(given):
        errors = {"crps": error, "crps_carried": 1.0, "crps_group": 0.9}
        held = {"in_half": place % 2 == 0, "in_most": place % 10 != 0}
        scores.append(
            ReliefScore(
                forecast=rows[place // evenings_each], answer=answer, days_ahead=1, value=5, written_at=at, **errors, **held, **here
            )
        )
    ReliefScore.objects.bulk_create(scores)
