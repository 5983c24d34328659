"""Store and forward against a listener that answers, refuses, hangs up or is not there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from small_listener import Answer, Listener, listening

from winddown.devices.emulators.outbox import Entry, Link, Outbox
from winddown.domain.wire.hl7v2 import Message
from winddown.domain.wire.hl7v2.write import Envelope, Sign, vital_signs

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


class Ticking:
    """A clock that moves one second at each look."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def entry(number: int) -> Entry:
    def render(sent_at: datetime) -> bytes:
        return vital_signs(Envelope("WD-MON-0001", sent_at, f"M{number}"), [Sign("spo2", 90 + number % 10, START)])

    return Entry(f"M{number}", render)


def link(port: int) -> Link:
    return Link("127.0.0.1", port, answer_within_s=0.2, first_retry_s=0.01, longest_retry_s=0.02, tries_after_error=2)


@asynccontextmanager
async def sending(port: int, limit: int = 100) -> AsyncIterator[Outbox]:
    outbox = Outbox(link(port), now=Ticking().now, limit=limit)
    courier = asyncio.create_task(outbox.run())
    try:
        yield outbox
    finally:
        courier.cancel()
        with suppress(asyncio.CancelledError):
            await courier


def delivered(count: int, answers: Callable[[int], Answer] = lambda number: "AA") -> tuple[list[Message], Outbox]:
    async def run() -> tuple[Listener, Outbox]:
        async with listening(answers) as listener, sending(listener.port) as outbox:
            for number in range(count):
                outbox.put(entry(number))
            assert await outbox.drain(20)
            return listener, outbox

    listener, outbox = asyncio.run(run())
    return listener.came, outbox


def ids(messages: list[Message]) -> list[str]:
    return [message.control_id for message in messages]


def test_all_messages_arrive_once_and_in_order() -> None:
    came, outbox = delivered(40)
    assert ids(came) == [f"M{number}" for number in range(40)]
    assert (outbox.tally.acknowledged, outbox.tally.connections) == (40, 1)


def test_message_lost_by_a_dropped_connection_is_sent_again_with_its_observed_time_and_a_new_time_of_sending() -> None:
    came, outbox = delivered(3, lambda number: "hang up" if number == 1 else "AA")
    assert ids(came) == ["M0", "M1", "M1", "M2"]
    assert {message.observations[0].observed_at for message in came} == {START}
    assert came[1].sent_at is not None and came[2].sent_at is not None and came[1].sent_at < came[2].sent_at
    assert (outbox.tally.acknowledged, outbox.tally.connections) == (3, 2)


def test_answer_to_another_message_is_no_answer() -> None:
    came, outbox = delivered(1, lambda number: "wrong id" if number == 0 else "AA")
    assert ids(came) == ["M0", "M0"]
    assert outbox.tally.acknowledged == 1


def test_error_is_tried_again_and_given_up_after_the_last_try() -> None:
    came, outbox = delivered(2, lambda number: "AE" if number < 3 else "AA")
    assert ids(came) == ["M0", "M0", "M0", "M1"]
    assert (outbox.tally.failed, outbox.tally.acknowledged) == (1, 1)


def test_reject_is_not_tried_again() -> None:
    came, outbox = delivered(2, lambda number: "AR" if number == 0 else "AA")
    assert ids(came) == ["M0", "M1"]
    assert (outbox.tally.rejected, outbox.tally.acknowledged) == (1, 1)


def test_what_was_stored_while_the_listener_was_away_is_forwarded_and_the_oldest_given_up_first() -> None:
    async def run() -> tuple[list[Message], Outbox]:
        async with listening() as absent:
            port = absent.port
        async with sending(port, limit=5) as outbox:
            for number in range(8):
                outbox.put(entry(number))
            assert not await outbox.drain(0.05)
            async with listening(port=port) as listener:
                assert await outbox.drain(20)
                return listener.came, outbox

    came, outbox = asyncio.run(run())
    assert ids(came) == ["M3", "M4", "M5", "M6", "M7"]
    assert (outbox.tally.dropped, outbox.tally.acknowledged) == (3, 5)
    assert "Connection" in outbox.trouble


def test_tally_tells_percentiles_of_the_answers() -> None:
    _, outbox = delivered(20)
    told = outbox.tally.as_data()
    assert (told["queued"], told["acknowledged"]) == (20, 20)
    assert 0 < told["latency_ms"]["p50"] <= told["latency_ms"]["p99"] <= told["latency_ms"]["max"]
