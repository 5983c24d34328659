"""Passkeys of the patient's own pages: kept, used to sign in, removed. The protocol itself is the library's (docs/adr/0013-signing-in.md).

A passkey carries its practice and address in its user handle, signed by the authenticator with the rest, so that nothing is looked up
across the wall.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from winddown.domain.refusals import NotAllowed, OutOfRange, Refusal
from winddown.domain.words import uncut
from winddown.record.models import OwnAccess, OwnPasskey, OwnSession
from winddown.record.scope import at_practice
from winddown.services import audit, own_access, own_sign_in

_HANDLE = struct.Struct(">I16s")
MOST = 8


def begin_keeping(access: OwnAccess, *, host: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the browser is asked, what must be remembered until it answers) for a new passkey of this address."""
    from fido2.webauthn import AttestedCredentialData, PublicKeyCredentialUserEntity  # slow import
    from fido2.webauthn import ResidentKeyRequirement as Resident  # slow import
    from fido2.webauthn import UserVerificationRequirement as Verified  # slow import

    kept = [AttestedCredentialData(bytes(row.credential)) for row in of(access)]
    if len(kept) >= MOST:
        raise OutOfRange(because=f"{MOST} passkeys are kept already.", way_out="Remove one first.", code="too_many_passkeys")
    handle = _HANDLE.pack(access.practice_id, access.ref.bytes)
    user = PublicKeyCredentialUserEntity(id=handle, name=access.email, display_name=access.email)
    asked, state = _server(host, access.practice.name).register_begin(
        user, credentials=kept, resident_key_requirement=Resident.REQUIRED, user_verification=Verified.REQUIRED
    )
    return dict(asked), dict(state)


@transaction.atomic
def keep(access: OwnAccess, answer: Mapping[str, Any], state: Mapping[str, Any], *, name: str, host: str, now: datetime) -> OwnPasskey:
    """Keep the passkey that the browser made. Refuses `passkey_refused` for an answer that does not prove it."""
    try:
        made = _server(host, access.practice.name).register_complete(dict(state), dict(answer))
    except (ValueError, TypeError, KeyError) as why:
        raise _refused() from why
    credential = made.credential_data
    if credential is None:
        raise _refused()
    row = OwnPasskey(
        access=access,
        credential_id=credential.credential_id,
        credential=bytes(credential),
        count=made.counter,
        name=uncut(name, 60, where="name") or "passkey",
        made_at=now,
    )
    row.save()
    audit.note("keep own passkey", by=None, now=now, patient=own_access.patient_of(access), subject=f"own:{access.ref}")
    return row


@transaction.atomic
def remove(access: OwnAccess, key_id: int, *, now: datetime) -> None:
    """The passkey opens nothing any more. Twice is once."""
    row: OwnPasskey | None = OwnPasskey.objects.filter(access=access, pk=key_id, removed_at__isnull=True).first()
    if row is not None:
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        audit.note("remove own passkey", by=None, now=now, patient=own_access.patient_of(access), subject=f"own:{access.ref}")


def of(access: OwnAccess) -> list[OwnPasskey]:
    return list(OwnPasskey.objects.filter(access=access, removed_at__isnull=True).order_by("made_at"))


def begin_sign_in(*, host: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the browser is asked, what must be remembered). It names nobody: the browser offers what it has for this site."""
    from fido2.webauthn import UserVerificationRequirement as Verified  # slow import

    asked, state = _server(host, "Winddown").authenticate_begin(user_verification=Verified.REQUIRED)
    return dict(asked), dict(state)


def sign_in(answer: Mapping[str, Any], state: Mapping[str, Any], *, host: str, browser: str, now: datetime) -> OwnSession:
    """Sign in with a passkey, inside the practice that its handle names. One refusal for every reason."""
    practice_id, ref = _handle_of(answer)
    with at_practice(practice_id):
        access: OwnAccess | None = (
            OwnAccess.objects.select_related("practice", "patient__merged_into").filter(ref=ref, proven_at__isnull=False).first()
        )
        if access is None or not own_access.is_live(access, now=now):
            raise _refused()
        _prove(access, answer, state, host=host, now=now)
        return own_sign_in.begin(access, how="passkey", browser=browser, now=now)


def _prove(access: OwnAccess, answer: Mapping[str, Any], state: Mapping[str, Any], *, host: str, now: datetime) -> None:
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse  # slow import

    kept = {bytes(row.credential_id): row for row in of(access)}
    try:
        told = AuthenticationResponse.from_dict(dict(answer))
        known = [AttestedCredentialData(bytes(row.credential)) for row in kept.values()]
        proven = _server(host, "Winddown").authenticate_complete(dict(state), known, told)
    except (ValueError, TypeError, KeyError) as why:
        raise _refused() from why
    row, count = kept[proven.credential_id], told.response.authenticator_data.counter
    if row.count and count <= row.count:
        raise _refused()
    row.count, row.used_at = count, now
    row.save(update_fields=["count", "used_at"])


def _handle_of(answer: Mapping[str, Any]) -> tuple[int, UUID]:
    from fido2.utils import websafe_decode  # slow import

    try:
        practice_id, ref = _HANDLE.unpack(websafe_decode(answer["response"]["userHandle"]))
    except (KeyError, TypeError, ValueError, struct.error) as why:
        raise _refused() from why
    return practice_id, UUID(bytes=ref)


def _server(host: str, name: str) -> Any:
    from fido2.server import Fido2Server  # slow import
    from fido2.webauthn import PublicKeyCredentialRpEntity  # slow import

    any_origin = (lambda origin: True) if settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN else None
    return Fido2Server(PublicKeyCredentialRpEntity(id=host.rsplit(":", 1)[0], name=name), verify_origin=any_origin)


def _refused() -> Refusal:
    return NotAllowed(because="This passkey does not open these pages.", way_out="Ask for a link by email instead.", code="passkey_refused")
