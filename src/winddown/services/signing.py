"""The practice's signature under what leaves the house. The key is derived from the secret file, which no database holds."""

from __future__ import annotations

import hashlib

from django.conf import settings

_PURPOSE = b"winddown inspector packet, key 1"


def public_key() -> bytes:
    """The 32 bytes by which anyone can check a signature of this installation."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # slow import

    return bytes(_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def fingerprint() -> str:
    """A short name of the key, to be written down where nobody who can reach the machine can change it."""
    return hashlib.sha256(public_key()).hexdigest()[:32]


def sign(content: bytes) -> bytes:
    """Ed25519 (RFC 8032) over the content."""
    return bytes(_key().sign(content))


def _key():  # type: ignore[no-untyped-def]  # the type would load the library at the start
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # slow import
    from cryptography.hazmat.primitives.hashes import SHA256  # slow import
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # slow import

    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(str(settings.SECRET_KEY).encode())
    return Ed25519PrivateKey.from_private_bytes(derived)
