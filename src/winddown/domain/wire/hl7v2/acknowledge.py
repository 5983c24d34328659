"""Acknowledgements. AA is said only for what is stored; an order to a pump is always rejected; an acknowledgement is never acknowledged."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from winddown.domain.refusals import UnknownWord
from winddown.domain.wire.hl7v2 import times
from winddown.domain.wire.hl7v2.message import Message
from winddown.domain.wire.hl7v2.tokens import Separators, Tokens, Unreadable, tokenise, value_of

Verdict = Literal["AA", "AE", "AR"]
_VERDICTS = ("AA", "AE", "AR")
_ERROR_CODES = {"AE": "207^Application error^HL70357", "AR": "200^Unsupported message type^HL70357"}
_REASON_LENGTH = 200

ORDERS_REFUSED = "Winddown listens to pumps and never programs them; this order was not carried out."


def verdict_for(message: Message) -> tuple[Verdict, str] | None:
    """What to answer once the message is stored: the verdict and its reason; None for an acknowledgement, which gets no answer."""
    match message.kind:
        case "ack":
            return None
        case "pump_order":
            return "AR", ORDERS_REFUSED
        case "unsupported":
            return "AR", f"Message type {message.type or 'missing'} is not supported."
    return "AA", ""


def acknowledge(
    received: Message | bytes, code: Verdict, *, at: datetime, control_id: str, reason: str = "", application: str = "WINDDOWN"
) -> bytes | None:
    """One acknowledgement, without its MLLP frame; None when what was received is itself an acknowledgement.

    at          the moment of answering, for MSH-7
    control_id  MSH-10 of the answer, ours
    MSA-2 echoes the received MSH-10 exactly, in the sender's own separators and character set.
    """
    if code not in _VERDICTS:
        raise UnknownWord("acknowledgement", code, _VERDICTS)
    tokens = _tokens(received)
    header = tokens.header if tokens.segments else []
    type_ = value_of(header, 9).split(tokens.separators.component)
    if type_[0].strip() in ("ACK", "MCF"):
        return None
    marks = tokens.separators
    words = escaped(reason[:_REASON_LENGTH], marks)
    answer = marks.component.join(["ACK", type_[1], "ACK"] if len(type_) > 1 else ["ACK"])
    fields = [
        "MSH" + marks.field + (marks.encoding_characters or "^"),
        *(application, "", value_of(header, 3), value_of(header, 4), times.write(at), "", answer),
        *(escaped(control_id, marks), value_of(header, 11) or "P", value_of(header, 12) or "2.6"),
    ]
    segments = [fields, ["MSA", code, value_of(header, 10), *([words] if words else [])]]
    if code != "AA":
        segments.append(["ERR", "", "", _ERROR_CODES[code].replace("^", marks.component), "E", "", "", "", words])
    text = "".join(marks.field.join(segment) + "\r" for segment in segments)
    return text.encode(tokens.encoding, "replace")


def escaped(text: str, marks: Separators) -> str:
    """Free text made safe for a field: separators as escapes, line ends as blanks. Without an escape character they become blanks."""
    names = (
        (marks.escape, "E"),
        (marks.field, "F"),
        (marks.component, "S"),
        (marks.repetition, "R"),
        (marks.subcomponent, "T"),
    )
    table = {ord(mark): f"{marks.escape}{name}{marks.escape}" if marks.escape else " " for mark, name in names if mark}
    return text.translate(table | {13: " ", 10: " ", 0x0B: " ", 0x1C: " "})


def _tokens(received: Message | bytes) -> Tokens:
    """The header to answer. A message already read carries only what is needed, so it is rebuilt from that."""
    if isinstance(received, Message):
        return Tokens(received.separators, (list(received.header),), received.encoding)
    try:
        return tokenise(received)
    except Unreadable:
        return Tokens(Separators(), (), "utf-8")
