"""A patient with infusions in the past and evenings of pain before and after them."""

from __future__ import annotations

from datetime import datetime, timedelta

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
