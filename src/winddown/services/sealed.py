"""Short signed words for addresses: a practice and a reference, under the program's own key. Each use has its own salt."""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from uuid import UUID

from django.utils.crypto import salted_hmac

_HEAD, _MAC = struct.Struct(">I16s"), 16


def seal(salt: str, practice_id: int, ref: UUID) -> str:
    """The word for this reference. Only this program's key can make it."""
    head = _HEAD.pack(practice_id, ref.bytes)
    return base64.urlsafe_b64encode(head + _mac(salt, head)).decode().rstrip("=")


def unseal(salt: str, word: str) -> tuple[int, UUID] | None:
    """(practice, reference), without asking the database; None for a word that was not made here for this use."""
    try:
        raw = base64.urlsafe_b64decode(word.encode("ascii") + b"=" * (-len(word) % 4))
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    head, mac = raw[: _HEAD.size], raw[_HEAD.size :]
    if len(raw) != _HEAD.size + _MAC or not hmac.compare_digest(mac, _mac(salt, head)):
        return None
    practice_id, ref = _HEAD.unpack(head)
    return practice_id, UUID(bytes=ref)


def _mac(salt: str, head: bytes) -> bytes:
    return salted_hmac(salt, head, algorithm="sha256").digest()[:_MAC]
