"""A proposed day moves nobody until a person says yes; then moves that wait for one another find their order, and the moved are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.factories import visit
from tests.factories.diary import open_diary
from winddown.domain.sessions.supervision import read_supervision
from winddown.record.scope import at_practice
from winddown.services import bedside, infusion, sessions

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
MONDAY = date(2026, 6, 8)


def local(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, 8, hour, minute, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


@pytest.fixture
def clinic(urls):
    """One nurse for one patient at a time; two visits back to back. Then visits turn out to need an hour of rest, not half of one."""
    from winddown.services import booking

    house = factories.house(urls)
    with at_practice(house.id):
        house.kind = open_diary(house, MONDAY, now=NOW)
        told = {"now": NOW, "by": house.front_desk}
        contacts = [{"name": f"Casey {number}", "phone": f"+1419555014{number}"} for number in range(2)]
        house.rows = [
            booking.book(house.kind, house.location, local(9), contact=contacts[0], **told),
            booking.book(house.kind, house.location, local(10, 30), contact=contacts[1], **told),
        ]
        house.kind.recovery_min = 60
        house.kind.save(update_fields=["recovery_min"])
    return house


def test_a_plan_moves_nobody_until_it_is_accepted_and_then_tells_the_moved(clinic) -> None:
    from winddown.record.models import Booking, Message
    from winddown.services import day_plans

    with at_practice(clinic.id):
        plan = day_plans.propose(clinic.location, MONDAY, by=clinic.front_desk, now=NOW)
        assert [row.span.lower for row in Booking.objects.order_by("span")] == [local(9), local(10, 30)]
        first, second = plan.proposed["visits"]
        moved = [each for each in (first, second) if each["moved"]]
        assert len(moved) == 1
        assert "its nurse would have 2 patients, at most 1" in moved[0]["because"]
        assert {each["basis"] for each in (first, second)} == {"typical"}
        before = Message.objects.filter(kind="visit_moved").count()
        keys = [each["booking"] for each in (first, second)]
        assert day_plans.accept(plan, keys, by=clinic.front_desk, now=NOW) == (2 if first["change"] and second["change"] else 1, [])
        starts = sorted(row.span.lower for row in Booking.objects.all())
        assert (starts[1] - starts[0]).total_seconds() == 2 * 3600
        assert Message.objects.filter(kind="visit_moved").count() == before + 1
        assert day_plans.accept(plan, keys, by=clinic.front_desk, now=NOW) == (0, [])


def tuesday(hour: int) -> datetime:
    return local(hour) + timedelta(days=1)


def visited(clinic, chair: int, cadss6: tuple[int, int, int]):
    """A patient whose visit a week ago was this strong at minutes 10, 20 and 35 of forty."""
    before = NOW - timedelta(days=7)
    session = factories.session(clinic, start=before, now=before - timedelta(hours=1), chair=chair)
    visit.make_ready(clinic, session, before - timedelta(minutes=10))
    visit.start(clinic, session, before)
    for minute, score in zip((10, 20, 35), cadss6, strict=True):
        numbers = {"systolic": "138", "diastolic": "80", "pulse_rate": "74", "respiratory_rate": "14", "spo2": "98"}
        scores = {"cadss6": str(score), "moaas": "5", "pain": "4"}
        bedside.observe(session, numbers, scores, by=clinic.nurse, now=before + timedelta(minutes=minute))
    infusion.finish(session, "infusion_completed", by=clinic.nurse, now=before + timedelta(minutes=40))
    sessions.sign_discharge(session, by=clinic.nurse, now=visit.recover(clinic, session, before + timedelta(minutes=40)))
    return session


def test_rest_is_expected_from_an_earlier_visit_and_a_strong_one_is_never_given_the_typical_short_time(clinic) -> None:
    from winddown.services import booking
    from winddown.services.day_plans import Expected, expected_recovery

    told = {"now": NOW, "by": clinic.front_desk}
    with at_practice(clinic.id):
        unknown = booking.book(clinic.kind, clinic.location, tuesday(9), patient=factories.patient(clinic, now=NOW), **told)
        assert expected_recovery(unknown, now=NOW) == Expected(60, "typical")
        mild, strong = visited(clinic, 0, (1, 2, 2)), visited(clinic, 1, (9, 12, 13))
        rows = [
            booking.book(clinic.kind, clinic.location, tuesday(hour), patient=each.patient, **told)
            for hour, each in ((11, mild), (14, strong))
        ]
        soon, late = (expected_recovery(row, now=NOW) for row in rows)
        stay = read_supervision(mild.order.course.protocol.data).recovery.minimum_stay_min.value
    assert (soon.basis, late) == ("forecast", Expected(120, "forecast")), "two hours is as far as a forecast looks"
    assert soon.recovery_min % 15 == 0 and stay <= soon.recovery_min < late.recovery_min
