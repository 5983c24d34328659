"""Booking through the services as the application role: one winner of fifty, moves that keep their rules, a series at one go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.factories.diary import open_diary
from winddown.domain.booking.series import Spacing
from winddown.domain.refusals import NotAllowed, Refusal, Stale
from winddown.record.scope import at_practice

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
MONDAY = date(2026, 6, 8)
ZONE = "America/New_York"


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


@pytest.fixture
def clinic(urls):
    """A house with hours, two chairs, a nurse for one patient at a time, a prescriber for three, and an infusion of an hour."""
    house = factories.house(urls)
    with at_practice(house.id):
        house.infusion = open_diary(house, MONDAY, now=NOW)
        house.patient = factories.patient(house, now=NOW)
    return house


def free_starts(clinic, day: date) -> list[str]:
    from winddown.services import calendar

    slots = calendar.free(clinic.infusion, [clinic.location], day, 1, now=NOW)[clinic.location]
    return [slot.start.astimezone(ZoneInfo(ZONE)).strftime("%H:%M") for slot in slots]


def book(clinic, start: datetime, **more):
    from winddown.services import booking

    return booking.book(clinic.infusion, clinic.location, start, now=NOW, **{"by": clinic.front_desk, "patient": clinic.patient, **more})


def test_the_role_that_books_is_no_superuser(clinic) -> None:
    from django.db import connection

    with at_practice(clinic.id), connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_a_booked_visit_takes_the_nurse_from_every_overlapping_slot(clinic) -> None:
    with at_practice(clinic.id):
        before = free_starts(clinic, MONDAY)
        assert (before[0], before[-1], len(before)) == ("08:00", "15:30", 31)
        book(clinic, local(8, 10))
        assert [start for start in before if start not in free_starts(clinic, MONDAY)] == [
            "08:45", "09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45", "11:00", "11:15",
        ]  # fmt: skip


def test_nothing_is_free_on_a_day_without_a_shift_or_with_a_closure(clinic) -> None:
    from winddown.services import calendar

    with at_practice(clinic.id):
        assert free_starts(clinic, date(2026, 6, 13)) == []
        calendar.close(clinic.location, local(8, 8), local(8, 14), words="Training", by=clinic.administrator, now=NOW)
        assert free_starts(clinic, MONDAY)[0] == "14:00"


def test_of_fifty_who_ask_at_once_one_wins_and_the_others_are_told_why(clinic) -> None:
    from django.db import connection

    start, together = local(8, 9), Barrier(50)

    def ask(number: int) -> str:
        from winddown.services import booking

        try:
            together.wait()
            with at_practice(clinic.id):
                booking.book(clinic.infusion, clinic.location, start, now=NOW, contact={"name": f"Visitor {number}"}, hold_min=15)
            return "won"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(ask, range(50)))
    assert sorted(answers) == ["time_taken"] * 49 + ["won"]
    with at_practice(clinic.id):
        from winddown.record.models import Booking, Hold

        assert Booking.objects.count() == 1
        assert Hold.objects.count() == 3


def test_the_same_request_sent_twice_books_once(clinic) -> None:
    key = uuid4()
    with at_practice(clinic.id):
        assert book(clinic, local(8, 9), key=key) == book(clinic, local(8, 9), key=key)


def test_a_time_kept_for_a_visitor_lapses_and_another_may_have_it(clinic) -> None:
    from winddown.services import booking

    with at_practice(clinic.id):
        kept = book(clinic, local(8, 9), by=None, patient=None, contact={"name": "Visitor"}, hold_min=15)
        with pytest.raises(Refusal, match="No free nurse at Sandusky"):
            book(clinic, local(8, 9))
        later = NOW + timedelta(minutes=16)
        other = booking.book(clinic.infusion, clinic.location, local(8, 9), now=later, by=clinic.front_desk, patient=clinic.patient)
        assert other.status == "booked"
        with pytest.raises(NotAllowed, match="no longer"):
            booking.confirm(kept, now=later)


def test_a_time_that_was_kept_for_a_patient_and_not_confirmed_is_no_visit_of_theirs(clinic) -> None:
    from winddown.services import own_visits

    with at_practice(clinic.id):
        kept = book(clinic, local(8, 9), hold_min=15)
        last, over = NOW + timedelta(minutes=14), NOW + timedelta(minutes=15)
        assert [(each.row, each.may_change) for each in own_visits.seen(clinic.patient, now=last)] == [(kept, True)]
        assert own_visits.seen(clinic.patient, now=over) == []
        with pytest.raises(NotAllowed, match="This visit is over"):
            own_visits.cancel(kept, now=over)


def test_a_visit_is_moved_to_times_that_keep_the_notice_of_its_kind(clinic) -> None:
    from winddown.services import own_visits

    with at_practice(clinic.id):
        made = book(clinic, local(12, 9))
        soon = min(own_visits.free_days(made, now=local(8, 9)))
        made.visit_type.notice_hours = 72
        assert (local(10, 9).date(), local(11, 9).date()) == (soon, min(own_visits.free_days(made, now=local(8, 9))))


def test_a_move_frees_the_old_time_and_a_move_that_fails_keeps_it(clinic) -> None:
    from winddown.services import booking

    with at_practice(clinic.id):
        one, other = book(clinic, local(8, 9)), book(clinic, local(8, 11))
        with pytest.raises(Refusal, match="No free nurse"):
            booking.move(one, clinic.location, local(8, 11, 30), now=NOW, by=clinic.front_desk, seen=one.version)
        assert "09:00" not in free_starts(clinic, MONDAY)
        moved, _ = booking.move(one, clinic.location, local(8, 13), now=NOW, by=clinic.front_desk, seen=0)
        assert moved.span.upper - moved.span.lower == timedelta(minutes=90)
        assert "09:00" in free_starts(clinic, MONDAY)
        assert "13:00" not in free_starts(clinic, MONDAY)
        with pytest.raises(Stale):
            booking.move(one, clinic.location, local(8, 15), now=NOW, by=clinic.front_desk, seen=0)
        booking.cancel(other, because="Patient is ill", by=clinic.front_desk, now=NOW)
        assert "11:00" in free_starts(clinic, MONDAY)


def test_a_series_of_six_is_booked_whole_or_not_at_all_and_one_may_move(clinic) -> None:
    from winddown.record.models import Booking
    from winddown.services import booking

    rule = Spacing(min_hours=24, max_days=14, wish_days=3)
    with at_practice(clinic.id):
        factories.order(clinic, clinic.patient, now=NOW)
        book(clinic, local(11, 9))
        asked = {"rule": rule, "count": 6, "zone": ZONE, "by": clinic.front_desk, "now": NOW}
        made = booking.book_series(clinic.infusion, clinic.patient, [clinic.location], local(8, 9), key=uuid4(), **asked)
        walls = [each.span.lower.astimezone(ZoneInfo(ZONE)).strftime("%d %H:%M") for each in made]
        assert walls == ["08 09:00", "11 10:30", "15 09:00", "18 09:00", "22 09:00", "25 09:00"]
        count = Booking.objects.count()
        with pytest.raises(Refusal, match="visit"):
            booking.book_series(clinic.infusion, clinic.patient, [clinic.location], local(29, 9), key=uuid4(), **asked)
        assert Booking.objects.count() == count
        _, findings = booking.move(made[2], clinic.location, local(19, 8), now=NOW, by=clinic.front_desk, seen=made[2].version)
        assert [finding.code for finding in findings] == ["too_close"]
        starts = list(Booking.objects.filter(series=made[0].series).values_list("span", flat=True))
        assert len(starts) == 6


def test_a_chair_planned_for_a_visit_is_not_free_for_a_booking_and_the_other_way_round(clinic) -> None:
    from winddown.services import booking, sessions

    with at_practice(clinic.id):
        order = factories.order(clinic, clinic.patient, now=NOW)
        visits = [sessions.plan(order, chair, local(8, 9), minutes=90, by=clinic.nurse, now=NOW) for chair in clinic.chairs]
        with pytest.raises(Refusal, match="No free chair"):
            book(clinic, local(8, 10))
        sessions.abandon(visits[0], because="Came on the wrong day", by=clinic.nurse, now=NOW)
        held = book(clinic, local(8, 10))
        with pytest.raises(Refusal, match="is taken"):
            sessions.plan(factories.order(clinic, now=NOW), visits[0].chair, local(8, 10), minutes=30, by=clinic.nurse, now=NOW)
        arrived = booking.arrive(held, by=clinic.front_desk, now=NOW)
        visit = sessions.plan(order, visits[0].chair, local(8, 10), minutes=90, by=clinic.nurse, now=NOW)
        assert visit.booking == arrived


def test_nobody_is_booked_at_two_places_at_once_not_even_by_the_database(clinic) -> None:
    from django.db import IntegrityError, transaction

    from winddown.record.models import Booking
    from winddown.services import booking, calendar

    with at_practice(clinic.id):
        calendar.put_on_shift(
            clinic.nurse_2, clinic.location, MONDAY, time(8), time(17), role="nurse", lanes=2, by=clinic.administrator, now=NOW
        )
        first = book(clinic, local(8, 9))
        with pytest.raises(Refusal, match="has a visit at Sandusky on 8 Jun 2026 at 09:00 already"):
            book(clinic, local(8, 9, 30))
        second = book(clinic, local(8, 13))
        with pytest.raises(Refusal, match="already"):
            booking.move(second, clinic.location, local(8, 10), now=NOW, by=clinic.front_desk, seen=second.version)
        told = {"visit_type": clinic.infusion, "location": clinic.location, "span": first.span, "created_at": NOW}
        with pytest.raises(IntegrityError, match="one_patient_one_place"), transaction.atomic():
            Booking(patient=clinic.patient, **told).save()


def test_a_patient_changes_a_visit_until_a_day_before_and_then_calls(clinic) -> None:
    from winddown.services import own_visits

    with at_practice(clinic.id):
        made = book(clinic, local(8, 9))
        day_before, too_near = local(7, 9), local(7, 9) + timedelta(minutes=1)
        with pytest.raises(NotAllowed, match="begins in less than 24 hours"):
            own_visits.cancel(made, now=too_near)
        with pytest.raises(NotAllowed, match="begins in less than 24 hours"):
            own_visits.move(made, clinic.location, local(9, 9), now=too_near, seen=made.version)
        assert own_visits.cancel(made, now=day_before).status == "cancelled"


def test_a_visit_planned_for_a_booked_patient_sits_on_the_booking_and_may_take_another_chair(clinic) -> None:
    from winddown.services import sessions

    with at_practice(clinic.id):
        made = book(clinic, local(8, 9))
        order = factories.order(clinic, clinic.patient, now=NOW)
        other = clinic.chairs[1]
        assert made.holds.get(kind="chair", active=True).chair == clinic.chairs[0]
        visit = sessions.plan(order, other, local(8, 9, 15), minutes=90, by=clinic.nurse, now=NOW)
        made.refresh_from_db()
        assert made.session == visit
        assert made.holds.get(kind="chair", active=True).chair == other
        with pytest.raises(Refusal, match="is taken"):
            sessions.plan(order, other, local(8, 10), minutes=30, by=clinic.nurse, now=NOW)


def test_nobody_books_in_another_practice(clinic, urls) -> None:
    other = factories.house(urls)
    with at_practice(clinic.id):
        made = book(clinic, local(8, 9))
    with at_practice(other.id):
        from winddown.record.models import Booking, Hold

        assert not Booking.objects.filter(pk=made.pk).exists()
        assert Hold.objects.count() == 0
