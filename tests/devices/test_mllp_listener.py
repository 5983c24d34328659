"""Real messages over a real socket into a real database."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from winddown.devices.mllp_listener import Listener
from winddown.domain.wire.hl7v2.write import Envelope, Sign, vital_signs
from winddown.domain.wire.mllp import Frame, Framer, wrap
from winddown.record.models import Announcement, DeviceMessage, Reading
from winddown.record.scope import at_practice
from winddown.services import devices, sessions
from winddown.services.intake import Intake

PUBLISHED = Path(__file__).parent.parent / "domain" / "wire" / "published"


def now() -> datetime:
    return datetime.now(tz=UTC)


def message(device: str, number: int, at: datetime, **signs: float | None) -> bytes:
    envelope = Envelope(device=device, sent_at=at, control_id=f"{device}-{number}")
    return vital_signs(envelope, [Sign(kind, value, at) for kind, value in signs.items()])


@contextlib.asynccontextmanager
async def listening(house, **options):
    listener = Listener(Intake(house.id, ZoneInfo("America/New_York")), **options)
    port = await listener.start("127.0.0.1", 0)
    try:
        yield port
    finally:
        await listener.stop()


async def exchange(port: int, *pieces: bytes, answers: int) -> list[bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    framer, found = Framer(), []
    async with asyncio.timeout(10):
        while len(found) < answers:
            found += [piece.payload for piece in framer.receive(await reader.read(65536)) if isinstance(piece, Frame)]
    writer.close()
    return found


def send(house, *pieces: bytes, answers: int) -> list[bytes]:
    async def talk():
        async with listening(house) as port:
            return await exchange(port, *pieces, answers=answers)

    return asyncio.run(talk())


@pytest.fixture
def bedside(house):
    """A monitor bound to chair 1, where a patient has been checked in."""
    with at_practice(house.id):
        start = now() - timedelta(minutes=5)
        monitor = devices.enroll(
            key="WD-MON-1", kind="monitor", location=house.location, words="monitor chair 1", by=house.nurse, now=start
        )
        devices.bind(monitor, house.chairs[0], by=house.nurse, now=start)
        session = factories.session(house, now=start)
        sessions.check_in(session, by=house.nurse, now=start)
    return session


def test_a_reading_reaches_the_session_that_holds_the_chair_and_is_announced(house, bedside):
    at = now().replace(microsecond=0)
    (answer,) = send(house, wrap(message("WD-MON-1", 1, at, spo2=97, pulse_rate=71, systolic=128, diastolic=79)), answers=1)
    assert b"MSA|AA|WD-MON-1-1" in answer
    with at_practice(house.id):
        found = {row.kind: (row.value, row.label, row.session_id, row.observed_at) for row in Reading.objects.all()}
        assert found == {
            "spo2": (97.0, "accepted", bedside.pk, at),
            "pulse_rate": (71.0, "accepted", bedside.pk, at),
            "systolic": (128.0, "accepted", bedside.pk, at),
            "diastolic": (79.0, "accepted", bedside.pk, at),
        }
        told = Announcement.objects.filter(kind="readings").get()
        assert told.session_ref == bedside.ref
        assert sorted(point[0] for point in told.body["readings"]) == ["diastolic", "pulse_rate", "spo2", "systolic"]


def test_the_same_message_twice_changes_nothing_but_is_answered_and_kept_twice(house, bedside):
    raw = wrap(message("WD-MON-1", 1, now(), spo2=97))
    answers = send(house, raw, answers=1) + send(house, raw, answers=1)
    assert all(b"MSA|AA|WD-MON-1-1" in answer for answer in answers)
    with at_practice(house.id):
        assert Reading.objects.count() == 1
        assert DeviceMessage.objects.count() == 2


def test_a_device_clock_two_minutes_off_waits_for_a_nurse(house, bedside):
    send(house, wrap(message("WD-MON-1", 1, now() - timedelta(seconds=120), spo2=97)), answers=1)
    with at_practice(house.id):
        row = Reading.objects.get()
        assert row.session is None
        assert "clock 120 s behind, limit 90 s" in row.problem
        assert list(devices.orphans()) == [row]
        devices.attach([row], bedside, because="pulse matched at the bedside", by=house.nurse, now=now())
        assert list(devices.orphans()) == []


def test_a_reading_from_a_device_at_no_chair_is_an_orphan_and_never_a_guess(house, bedside):
    with at_practice(house.id):
        devices.enroll(key="WD-LOOSE", kind="monitor", location=house.location, words="loose monitor", by=house.nurse, now=now())
    send(house, wrap(message("WD-LOOSE", 1, now(), spo2=88)), answers=1)
    with at_practice(house.id):
        assert Reading.objects.get().session is None


def test_an_unknown_device_is_answered_and_its_bytes_are_kept(house):
    raw = message("NOBODY", 1, now(), spo2=97)
    (answer,) = send(house, wrap(raw), answers=1)
    assert b"MSA|AA|NOBODY-1" in answer
    with at_practice(house.id):
        kept = DeviceMessage.objects.get()
        assert bytes(kept.raw) == raw
        assert kept.reason == "stored; this device is not on the list of devices"


def test_garbage_between_frames_and_one_byte_chunks_cost_nothing(house, bedside):
    stream = (
        b"GET / HTTP/1.1\r\n\r\n"
        + wrap(message("WD-MON-1", 1, now(), spo2=97))
        + b"\x00\xff"
        + wrap(message("WD-MON-1", 2, now(), spo2=96))
    )
    answers = send(house, *[stream[place : place + 1] for place in range(len(stream))], answers=2)
    assert [b"AA" in answer for answer in answers] == [True, True]
    with at_practice(house.id):
        assert DeviceMessage.objects.filter(reason__startswith="no message").count() == 2
        assert Reading.objects.count() == 2


def test_an_unreadable_frame_is_kept_and_answered_with_the_reason(house):
    (answer,) = send(house, wrap(b"PID|||nothing"), answers=1)
    assert b"MSA|AE" in answer
    with at_practice(house.id):
        assert bytes(DeviceMessage.objects.get().raw) == b"PID|||nothing"


@pytest.mark.parametrize("name", sorted(path.name for path in PUBLISHED.glob("*.hl7")))
def test_every_published_message_is_stored_as_it_came_and_answered_as_it_must_be(house, name):
    import json

    expected = json.loads((PUBLISHED / "expected.json").read_text())[name]["ack"]
    raw = (PUBLISHED / name).read_bytes()
    marker = wrap(message("AFTER", 1, now(), spo2=97))
    answers = send(house, wrap(raw) + marker, answers=2 if expected else 1)
    if expected:
        assert answers[0].split(b"MSA")[1][1:3].decode() in expected
    with at_practice(house.id):
        assert bytes(DeviceMessage.objects.order_by("id").first().raw) == raw


def test_five_hundred_idle_sockets_do_not_keep_a_message_waiting(house, bedside):
    async def talk():
        async with listening(house) as port:
            idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(500)]
            (answer,) = await exchange(port, wrap(message("WD-MON-1", 1, now(), spo2=97)), answers=1)
            for _, writer in idle:
                writer.close()
            return answer

    assert b"MSA|AA" in asyncio.run(talk())


def test_a_frame_of_ten_megabytes_is_kept_and_the_next_message_is_read(house, bedside):
    big = message("WD-MON-1", 1, now(), spo2=97) + b"NTE|1||" + b"x" * 10_000_000 + b"\r"
    answers = send(house, wrap(big), wrap(message("WD-MON-1", 2, now(), spo2=96)), answers=2)
    assert all(b"MSA|AA" in answer for answer in answers)


def test_an_address_that_is_not_on_the_list_is_turned_away(house):
    from ipaddress import ip_network

    async def talk():
        async with listening(house, allow=[ip_network("10.9.8.0/24")]) as port:
            reader, _ = await asyncio.open_connection("127.0.0.1", port)
            return await reader.read()

    assert asyncio.run(talk()) == b""


def test_a_low_saturation_for_half_a_minute_raises_the_protocols_alarm(house, bedside):
    from winddown.record.models import Alarm
    from winddown.services import stories

    with at_practice(house.id):
        stories.write(bedside, "made_ready", {}, by=house.nurse, now=now())
        stories.write(bedside, "started", {"rate_ml_per_h": "52.5"}, by=house.nurse, now=now())
    begin = now() - timedelta(seconds=45)
    stream = b"".join(wrap(message("WD-MON-1", second, begin + timedelta(seconds=second), spo2=86)) for second in range(45))
    send(house, stream, answers=45)
    with at_practice(house.id):
        alarm = Alarm.objects.get(condition="spo2_low")
        assert "86 %" in alarm.words
        assert alarm.severity == "high"
        assert alarm.next_step
