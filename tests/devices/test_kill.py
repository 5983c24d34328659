"""kill -9 of the listener and of the database in the middle of a stream: what was acknowledged is in the record, once."""

from __future__ import annotations

import asyncio

import pytest

from tests.whole import clinic
from tests.whole.senders import Sender, Witness
from tests.whole.service import Service

KINDS = {"heart_rate", "respiratory_rate", "spo2", "pulse_rate", "etco2"}
STORED = """select m.control_id, count(distinct m.id), count(r.id), count(distinct r.kind), bool_and(s.ref = %s)
            from record_devicemessage m left join record_reading r on r.message_id = m.id left join record_session s on s.id = r.session_id
            where m.control_id like 'WD-LOAD%%' group by m.control_id"""
READINGS_TWICE = "select count(*) - count(distinct (device_id, kind, observed_at)) from record_reading where device_id is not null"


@pytest.fixture
def service(tmp_path):
    made = clinic.copied(tmp_path / "data", chairs=1)
    with Service(tmp_path / "data", WINDDOWN_WORKERS="1") as running:
        running.clinic = made
        yield running


def test_what_was_acknowledged_survives_kill_9_of_the_listener_and_of_the_database_and_nothing_is_double(service):
    ((key, session),) = service.clinic.session_of.items()

    async def storm() -> Witness:
        async with Sender(key, service.mllp_port, every_s=0.05) as sender:
            await sender.until_acknowledged(40)
            service.kill("listener")
            await sender.until_acknowledged(40)
            service.kill_database()
            await sender.until_acknowledged(40)
            return sender.outbox

    outbox = asyncio.run(storm())
    acknowledged = {control_id for control_id, fate in outbox.fates.items() if fate.acknowledged}
    assert outbox.tally.connections >= 3, "both kills cut the line"
    assert acknowledged == set(outbox.fates)
    with service.record(service.clinic.practice) as record:
        stored = {row[0]: row[1:] for row in record.execute(STORED, [session]).fetchall()}
        assert acknowledged <= set(stored)
        assert {stored[each][2] for each in acknowledged} == {len(KINDS), len(KINDS) + 3}, "every kind, and the first cuff pressure"
        assert all(own for _, _, _, own in stored.values())
        assert record.execute(READINGS_TWICE).fetchone() == (0,)
        numbers = [row[0] for row in record.execute("select number from record_announcement order by number").fetchall()]
        assert numbers == list(range(1, len(numbers) + 1)), "the news has no gap that a screen would wait for"
