"""Acknowledgements, read back by the `hl7` library."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as some

from winddown.domain.refusals import UnknownWord
from winddown.domain.wire.hl7v2 import acknowledge, read, verdict_for

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
RAW = b"MSH|^~\\&|MON^00AB^EUI-64|FAC|WD|X|20260301115900+0000||ORU^R01^ORU_R01| 42|D|2.5\rOBX|1"


def answered(raw: bytes, code: str = "AA", reason: str = "") -> hl7.Message:
    answer = acknowledge(raw, code, at=AT, control_id="W-1", reason=reason)  # type: ignore[arg-type]
    assert answer is not None
    return hl7.parse(answer.decode())


def test_accepted_answer_names_the_message_and_goes_back_to_the_sender() -> None:
    answer = answered(RAW)
    assert [str(answer["MSH"][0][number]) for number in (3, 5, 6, 7, 9, 10, 11, 12)] == [
        "WINDDOWN",
        "MON^00AB^EUI-64",
        "FAC",
        "20260301120000+0000",
        "ACK^R01^ACK",
        "W-1",
        "D",
        "2.5",
    ]
    assert [str(field) for field in answer["MSA"][0]] == ["MSA", "AA", " 42"]
    assert len(answer) == 2


@pytest.mark.parametrize("code", ["AE", "AR"])
def test_refused_answer_carries_the_reason_in_words(code: str) -> None:
    answer = answered(RAW, code, "storage is full | try again\r^soon")
    assert str(answer["MSA"][0][1]) == code
    assert hl7.parse(str(answer)).unescape(str(answer["MSA"][0][3])) == "storage is full | try again ^soon"
    assert str(answer["ERR"][0][4]) == "E"


def test_answer_to_a_message_already_read_is_the_same_as_to_its_bytes() -> None:
    assert acknowledge(read(RAW, zone=ZONE), "AA", at=AT, control_id="1") == acknowledge(RAW, "AA", at=AT, control_id="1")


def test_bytes_without_a_header_are_still_answered() -> None:
    assert str(answered(b"hello", "AR", "No segment starts with MSH.")["MSA"][0][1]) == "AR"


def test_acknowledgement_is_never_acknowledged() -> None:
    raw = b"MSH|^~\\&|A||||20260301||ACK^R01|7|P|2.6\rMSA|AA|6"
    assert acknowledge(raw, "AA", at=AT, control_id="1") is None
    assert verdict_for(read(raw, zone=ZONE)) is None


def test_sender_s_own_separators_and_character_set_are_used() -> None:
    raw = "MSH$*!%@$MÜN$F$$$2026$$ORU*R01$é|^7$P$2.6$$$$$$8859/1".encode("latin-1")
    answer = acknowledge(raw, "AE", at=AT, control_id="a$b", reason="50 $")
    assert answer is not None
    header, accepted, error, _ = answer.split(b"\r")
    assert header.startswith(b"MSH$*!%@$WINDDOWN$$M\xdcN$F$") and b"$ACK*R01*ACK$a%F%b$" in header
    assert accepted == b"MSA$AE$\xe9|^7$50 %F%"
    assert error.startswith(b"ERR$$$207*Application error*HL70357$E")


def test_unknown_verdict_is_refused() -> None:
    with pytest.raises(UnknownWord):
        acknowledge(RAW, "CA", at=AT, control_id="1")  # type: ignore[arg-type]


@given(some.binary(max_size=20).map(lambda data: bytes(byte for byte in data if byte not in b"\r\n|\x0b\x1c")))
def test_any_control_id_is_echoed_byte_for_byte(control_id: bytes) -> None:
    answer = acknowledge(b"MSH|^~\\&|M||||2026||ORU^R01|" + control_id + b"|P|2.6", "AA", at=AT, control_id="1")
    assert answer is not None
    assert answer.split(b"\r")[1].removeprefix(b"MSA|AA").removeprefix(b"|") == control_id
