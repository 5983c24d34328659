"""A message of the pump that comes 6 min late: the dose counts from when it happened, the story says both times, the ledger follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.web.sessions.chair import Chair
from winddown.domain.wire.hl7v2.write import Envelope, PumpState, pump_report
from winddown.record.models import Alarm, LedgerEntry
from winddown.record.scope import at_practice
from winddown.services import bags, devices, infusion, ledger, picture
from winddown.services.intake import Arrival, Intake

ZONE = ZoneInfo("America/New_York")
LATE = timedelta(minutes=6)


class Pump:
    """The pump at the chair. Each report is one real message through the intake, `LATE` after it happened."""

    def __init__(self, chair: Chair) -> None:
        house = chair.house
        earlier = datetime.now(tz=UTC) - timedelta(hours=2)
        with at_practice(house.id):
            device = devices.enroll(key="WD-PUMP-1", kind="pump", location=house.location, words="pump 1", by=house.nurse, now=earlier)
            devices.bind(device, chair.session.chair, by=house.nurse, now=earlier)
        self.intake = Intake(house.id, ZONE)

    def reports_late(self, rate: str, happened_at: datetime) -> bytes:
        received = happened_at + LATE
        state = PumpState(Decimal(rate), Decimal(rate), "Ketamine", Decimal(1), Decimal(10))
        envelope = Envelope(device="WD-PUMP-1", sent_at=received, control_id=f"late-{rate}-{happened_at.timestamp()}")
        (answer,) = self.intake.take(
            [Arrival(pump_report(envelope, state, event="started", happened_at=happened_at), "127.0.0.1", received)], now=received
        )
        assert answer is not None
        return answer


@pytest.fixture
def chair(house):
    return Chair(house, minutes=20)


@pytest.fixture
def started_at(chair):
    return chair.last("started").happened_at


def to_the_millisecond(at: datetime) -> datetime:
    """As a message carries it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def given(chair: Chair, at: datetime) -> Decimal:
    with at_practice(chair.house.id):
        return picture.dose_of(chair.session, now=at).programmed_mg


def lines(chair: Chair) -> list[tuple[int, str, Decimal, int | None]]:
    with at_practice(chair.house.id):
        assert ledger.verify(chair.session.location) == []
        rows = LedgerEntry.objects.filter(session=chair.session, kind__in=("given", "wasted")).order_by("number")
        return [(row.number, row.kind, row.mg, row.supersedes.number if row.supersedes else None) for row in rows]


def test_a_message_six_minutes_late_changes_the_dose_and_says_both_its_times(chair, started_at):
    pump, changed_at = Pump(chair), to_the_millisecond(started_at + timedelta(minutes=10))
    assert given(chair, started_at + timedelta(minutes=20)) == Decimal("17.500"), "20 min at 52.5 mL/h of 1 mg/mL"
    answer = pump.reports_late("60", changed_at)
    assert b"MSA|AA" in answer
    assert given(chair, started_at + timedelta(minutes=20)) == Decimal("18.750"), "10 min at 52.5, 10 min at 60"
    event = chair.last("rate_reported")
    assert (event.happened_at, event.written_at, event.late) == (changed_at, changed_at + LATE, True)
    page = chair.get("story/").content.decode()
    happened, written = (f"{at.astimezone(ZONE):%H:%M}" for at in (changed_at, changed_at + LATE))
    line = page.split(f'id="event-{event.id}"')[1].split("</li>")[0]
    assert f">{happened}</time>" in line
    assert f"late, written {written}" in line
    assert pump.reports_late("60", changed_at) != answer, "answered again"
    assert len(chair.rows("rate_reported")) == 1, "and written once"


def test_the_ledger_holds_the_dose_with_the_late_rate_in_it(chair, started_at):
    Pump(chair).reports_late("60", started_at + timedelta(minutes=10))
    with at_practice(chair.house.id):
        infusion.finish(chair.session, "infusion_completed", by=chair.house.nurse, now=started_at + timedelta(minutes=20))
    assert [line[1:] for line in lines(chair)] == [("given", Decimal("18.750"), None)]


def test_after_the_end_the_late_word_is_told_and_the_ledger_gets_a_line_that_supersedes(chair, started_at):
    pump, end = Pump(chair), started_at + timedelta(minutes=15)
    house = chair.house
    with at_practice(house.id):
        infusion.finish(chair.session, "infusion_completed", by=house.nurse, now=end)
    ((first, _, mg, _),) = lines(chair)
    assert mg == Decimal("13.125"), "15 min at 52.5 mL/h"

    pump.reports_late("60", end - timedelta(minutes=5))
    assert given(chair, end) == Decimal("13.750"), "10 min at 52.5, 5 min at 60"
    with at_practice(house.id):
        told = Alarm.objects.get(condition="dose_moved_late")
        assert told.words == "A message of the pump, 6 min late, changes the dose given from 13.1 to 13.8 mg."
        rest = Decimal(100) - given(chair, end)
        bags.waste_rest(chair.session.bags.get(), rest, read_by="cylinder", by=house.nurse, witness=house.nurse_2, now=end + LATE)
    kinds = [(kind, mg, replaces) for _, kind, mg, replaces in lines(chair)]
    assert kinds == [("given", Decimal("13.125"), None), ("given", Decimal("13.750"), first), ("wasted", Decimal("86.250"), None)]
