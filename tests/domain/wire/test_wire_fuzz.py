"""Mutated bytes through framer, reader and acknowledgement: nothing but `Unreadable` may come out, and no false number may."""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from winddown.domain.wire.hl7v2 import Message, Unreadable, acknowledge, read, verdict_for
from winddown.domain.wire.hl7v2.write import Envelope, Sign, vital_signs
from winddown.domain.wire.mllp import Frame, Framer, wrap

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
OURS = vital_signs(
    Envelope("WD-MON-0001", AT, "7", patient_id="1"), [Sign("spo2", 97, AT), Sign("heart_rate", 72, AT), Sign("systolic", 121, AT)]
)
SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parent / "published").glob("*.hl7"))] + [OURS] * 4
BYTES = [bytes([byte]) for byte in b'\x00\x0b\x0d\x0a\x1c|^~\\&"09-+.\x7f\x80\xe9\xff']
WORDS = [
    b"MSH|",
    b"\rOBX|",
    b"\rOBR|",
    b'""',
    b"\\X",
    b"\\E\\",
    b"-999",
    b"nan",
    b"1e309",
    b"9" * 400,
    b"20260308023000",
    b"+9999",
    b"|" * 60,
]


def mutated(chance: random.Random) -> bytes:
    data = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice((1, 1, 2, 8, 40, 200)))
        match chance.randrange(6):
            case 0:
                data[at:to] = b""
            case 1:
                data[at:at] = chance.choice(BYTES)
            case 2:
                data[at:to] = chance.choice(WORDS)
            case 3:
                data[at:to] = chance.randbytes(to - at)
            case 4:
                data[at:at] = data[at:to] * chance.randint(1, 3)
            case 5:
                other = chance.choice(SEEDS)
                data[at:] = other[chance.randrange(len(other)) :]
    return bytes(data)


def check(message: Message) -> None:
    for found in message.observations:
        assert found.value is None or (math.isfinite(found.value) and found.unit)
        assert (found.value is None) <= bool(found.problem)
        assert found.observed_at is None or found.observed_at.tzinfo is UTC
    verdict = verdict_for(message)
    if verdict is not None:
        answer = acknowledge(message, verdict[0], at=AT, control_id="1", reason=verdict[1])
        assert answer is not None and read(answer, zone=ZONE).kind == "ack"


def outcomes(inputs: int, seed: int) -> Counter[str]:
    chance, counted = random.Random(seed), Counter[str]()
    for _ in range(inputs):
        stream = wrap(mutated(chance)) if chance.random() < 0.9 else mutated(chance)
        framer, cut = Framer(max_bytes=1 << 16), chance.randrange(len(stream) + 1)
        for piece in [*framer.receive(stream[:cut]), *framer.receive(stream[cut:]), *framer.close()]:
            if not isinstance(piece, Frame):
                counted[piece.because] += 1
                continue
            try:
                message = read(piece.payload, zone=ZONE)
            except Unreadable as why:
                counted[why.code] += 1
                assert acknowledge(piece.payload, "AR", at=AT, control_id="1", reason=why.because) is not None
            else:
                counted[message.kind] += 1
                check(message)
    return counted


def test_twenty_thousand_mutated_messages_raise_nothing_but_unreadable() -> None:
    counted = outcomes(20_000, seed=1)
    assert {"vitals", "alarm", "pump", "pump_order", "ack", "no_header", "bad_separator", "cut_short"} <= set(counted)


@pytest.mark.proof
def test_a_million_mutated_messages_raise_nothing_but_unreadable(capsys: pytest.CaptureFixture[str]) -> None:
    begun = time.process_time()
    counted = outcomes(1_000_000, seed=2)
    spent, pieces = time.process_time() - begun, sum(counted.values())
    with capsys.disabled():
        print(f"\n1,000,000 mutated inputs, {pieces:,} pieces, {spent:.0f} s CPU: {dict(counted.most_common())}")
    assert counted["vitals"] > 100_000
