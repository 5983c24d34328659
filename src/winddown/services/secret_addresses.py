"""Addresses that prove themselves: a practice and a reference, signed for one purpose with the program's own key.

A token that was not made here opens no practice, so nothing is looked up across the wall.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from uuid import UUID

from django.utils.crypto import salted_hmac

from winddown.services.links import gone

_HEAD, _MAC = struct.Struct(">I16s"), 16
_SALT = "winddown.services.secret_addresses."


def token_of(purpose: str, practice_id: int, ref: UUID) -> str:
    head = _HEAD.pack(practice_id, ref.bytes)
    return base64.urlsafe_b64encode(head + _mac(purpose, head)).decode().rstrip("=")


def read(purpose: str, token: str) -> tuple[int, UUID]:
    """(practice, reference). Refuses `link_gone` for a token that was not made here for this purpose."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (binascii.Error, UnicodeEncodeError, ValueError):
        raise gone() from None
    head, mac = raw[: _HEAD.size], raw[_HEAD.size :]
    if len(raw) != _HEAD.size + _MAC or not hmac.compare_digest(mac, _mac(purpose, head)):
        raise gone()
    practice_id, ref = _HEAD.unpack(head)
    return practice_id, UUID(bytes=ref)


def _mac(purpose: str, head: bytes) -> bytes:
    return salted_hmac(_SALT + purpose, head, algorithm="sha256").digest()[:_MAC]
