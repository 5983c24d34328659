"""Whole messages: headers, character sets, separators, what cannot be read; the `hl7` library judges how fields are cut."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as some

from winddown.domain.refusals import Refusal
from winddown.domain.wire.hl7v2 import Unreadable, read
from winddown.domain.wire.hl7v2.tokens import tokenise

PUBLISHED = sorted((Path(__file__).parent / "published").glob("*.hl7"))
ZONE = ZoneInfo("America/New_York")
PERSON = "MSH|^~\\&|MON|FAC|||20260301120000+0000||ORU^R01|7|P|2.6||||||{charset}\rPID|||1||Müller^Zoë"


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_fields_are_cut_as_the_hl7_library_cuts_them(path: Path) -> None:
    text = path.read_bytes().decode().replace("\r\n", "\r")
    theirs = [[str(field) for field in segment] for segment in hl7.parse(text)]
    ours = list(tokenise(path.read_bytes()).segments)
    assert [segment[1:] for segment in ours] == [segment[1:] for segment in theirs]
    assert [segment[0] for segment in ours] == [segment[0] for segment in theirs]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("UNICODE UTF-8", "utf-8"),
        ("8859/1", "latin-1"),
        ("", "utf-8"),
        ("", "latin-1"),
        ("UNICODE UTF-8", "latin-1"),
        ("NONSENSE", "latin-1"),
        ("8859/15", "iso8859-15"),
    ],
)
def test_name_is_read_in_any_character_set_declared_or_not(charset: str, encoding: str) -> None:
    assert read(PERSON.format(charset=charset).encode(encoding), zone=ZONE).patient_name == "Müller, Zoë"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_wide_characters_and_byte_order_marks_are_read(encoding: str) -> None:
    assert read(PERSON.format(charset="").encode(encoding), zone=ZONE).patient_name == "Müller, Zoë"


def test_character_set_that_is_not_the_declared_one_is_a_problem_of_the_message() -> None:
    assert "charset_not_as_declared" in read(PERSON.format(charset="UNICODE UTF-8").encode("latin-1"), zone=ZONE).problems


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n", "\r\r", "\r\n\r\n"])
def test_any_line_end_is_read(line_end: str) -> None:
    raw = line_end.join(["MSH|^~\\&|MON||||20260301||ORU^R01|7|P|2.6", "PID|||77", "PV1||O|A^1^2", ""])
    assert (read(raw.encode(), zone=ZONE).patient_id, read(raw.encode(), zone=ZONE).bed) == ("77", "A^1^2")


def test_other_separators_are_taken_from_the_header() -> None:
    raw = b"MSH$*!%@$MON*00AB*EUI-64$FAC$$$20260301120000+0000$$ORU*R01$7%F%8$P$2.6\r"
    raw += b"PID$$$77*x\rOBX$1$NM$150456*x*MDC$1.1.1.1$97$262688*%*MDC$$$$$R$$$$$$$D1"
    found = read(raw, zone=ZONE)
    assert (found.patient_id, found.sender, found.device_keys) == ("77", "MON^00AB", ("D1", "MON^00AB"))
    assert (found.control_id, [o.value for o in found.observations]) == ("7%F%8", [97.0])


def test_escapes_are_undone_in_text_and_left_alone_where_broken() -> None:
    raw = b"MSH|^~\\&|MON||||20260301||ORU^R01|7|P|2.6\rPID|||1||O\\T\\Brien\\S\\x^Z\\X41\\\\.br\\\\Q\\half\\"
    assert read(raw, zone=ZONE).patient_name == "O&Brien^x, ZA\n\\Q\\half\\"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty_frame"),
        (b"\r\n \r", "empty_frame"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", "no_header"),
        (b"PID|||1\r", "no_header"),
        (b"xMSH|^~\\&|A", "no_header"),
        (b"MSH", "header_cut_off"),
        (b"MSH|^", "header_cut_off"),
        (b"MSHA^~\\&A", "bad_separator"),
        (b"MSH|||||||", "bad_separator"),
        (b"MSH|^^\\&|MON", "bad_separator"),
        (b"MSH|^A\\&|MON", "bad_separator"),
        (b"MSH+^~\\&+MON", "bad_separator"),
        (b"MSH|.~\\&|MON", "bad_separator"),
        (b"MSH|\xe9~\\&|MON", "bad_separator"),
        (b"MSH \r\nPID|||1", "bad_separator"),
    ],
)
def test_bytes_without_a_usable_header_are_refused_by_name(raw: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(raw, zone=ZONE)
    assert refused.value.code == code
    assert isinstance(refused.value, Refusal) and refused.value.way_out


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("ORU^R01^ORU_R01", "vitals"),
        ("ORU^R01", "vitals"),
        ("ORU^R40", "alarm"),
        ("ORU^R42", "pump"),
        ("RGV^O15", "pump_order"),
        ("ACK^R01", "ack"),
        ("ACK", "ack"),
        ("ADT^A01", "unsupported"),
        ("ORU^R30", "unsupported"),
        ("", "unsupported"),
    ],
)
def test_kind_follows_the_message_type(type_: str, kind: str) -> None:
    assert read(f"MSH|^~\\&|MON||||20260301||{type_}|7|P|2.6".encode(), zone=ZONE).kind == kind


def test_text_before_the_header_and_a_second_message_are_named() -> None:
    raw = b"FHS|^~\\&\rMSH|^~\\&|MON||||20260301120000+0000||ORU^R01|7|P|2.6\rMSH|^~\\&|MON||||20260301||ORU^R01|8|P|2.6"
    found = read(raw, zone=ZONE)
    assert found.control_id == "7"
    assert set(found.problems) == {"second_message_ignored", "text_before_header"}


@given(some.text(alphabet=some.characters(exclude_characters="\r\n\x0b\x1c|^~\\&", exclude_categories=["Cs"]), max_size=30))
def test_any_control_id_is_kept_exactly(control_id: str) -> None:
    assert read(f"MSH|^~\\&|MON||||20260301||ORU^R01|{control_id}|P|2.6".encode(), zone=ZONE).control_id == control_id
