"""A patient with own pages: a sign-in, a caregiver, a matter written about, a passkey that nobody holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests import factories


def access_of(house, patient, *, now: datetime, email: str = ""):
    from winddown.services import own_access

    return own_access.invite(patient, email=email or f"own.{patient.ref}@example.test", by=house.nurse, now=now)


def samples(house, patient, *, visit, consent, now: datetime) -> dict:
    """One object of each kind that an address of own pages may name."""
    from winddown.record.models import OwnEntry, OwnPasskey
    from winddown.services import own_access, threads

    access = access_of(house, patient, now=now)
    until = now.date() + timedelta(days=30)
    helper = own_access.permit(
        access, name="Robin Helper", email=f"helper.{patient.ref}@example.test", may=["visits", "diary"], until=until, now=now
    )
    key = OwnPasskey(access=access, credential_id=patient.ref.bytes, credential=_credential(patient.ref.bytes), name="phone", made_at=now)
    key.save()
    note = threads.write(access, f"a fictional message of {patient.family_name}", about="symptom", now=now)
    return {
        "own_entry": own_access.token_of(OwnEntry.objects.filter(access=access).latest("id")),
        "own_visit": visit,
        "own_paper": consent,
        "own_thread": note.thread.ref,
        "thread": note.thread.ref,
        "own_helper": helper.ref,
        "own_access": access.ref,
        "own_passkey": key.pk,
    }


def _credential(credential_id: bytes) -> bytes:
    """The public half of a key that nobody holds."""
    from fido2.cose import ES256
    from fido2.webauthn import Aaguid, AttestedCredentialData

    public = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    return bytes(AttestedCredentialData.create(Aaguid(bytes(16)), credential_id, public))


def house_with_two(urls):
    """A practice with two patients, each with own pages and all that an address can name."""
    from datetime import UTC

    from tests.factories import diary
    from winddown.record.scope import at_practice
    from winddown.services import booking, calendar

    house, now = factories.house(urls), datetime.now(tz=UTC)
    with at_practice(house.id):
        monday = now.date() + timedelta(days=7 - now.weekday())
        kind = diary.open_diary(house, monday, now=now, weeks=1, nurse_lanes=2)
        found = []
        for mark in ("Own", "Foreign"):
            patient = factories.patient(house, now=now, family_name=f"{mark}family", given_name=f"{mark}given")
            slot = calendar.free(kind, [house.location], monday, 5, now=now)[house.location][0]
            visit = booking.book(kind, house.location, slot.start, now=now, by=house.front_desk, patient=patient).ref
            consent = signed_consent(house, patient, now)
            found.append((patient, samples(house, patient, visit=visit, consent=consent, now=now)))
    return house, *found


def signed_consent(house, patient, now: datetime):
    """A consent signed on a screen, with its paper."""
    from winddown.services import consents, links

    consents.adopt_packaged("treatment", by=house.director, now=now)
    link = links.make(patient=patient, purpose="consent", subject="treatment", by=house.nurse, now=now)
    sitting = consents.open_sitting(link, patient, language="en", now=now)
    for place, question in enumerate(consents.text_of(sitting.text).questions):
        consents.step(sitting, "answered", {"question": place, "choice": question.right}, now=now)
    for statement in ("off_label", "regulator"):
        consents.step(sitting, "acknowledged", {"statement": statement}, now=now)
    signed = {"typed_name": patient.name, "strokes": "", "confirmed": True}
    return consents.sign(sitting, **signed, press=lambda signing: b"%PDF-a-fictional-paper", now=now).consent.ref
