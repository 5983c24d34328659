"""How often somebody may knock at the patient's sign-in, counted in the database so that every process counts together."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from winddown.domain.refusals import NotAllowed
from winddown.record.models import OwnTry

WITHIN = timedelta(minutes=15)
KEPT = timedelta(days=1)
PER_ADDRESS, PER_SOURCE = 5, 40
_SALT = "winddown.services.own_limits"
_LOCK = 7_410_029


def digest_of(what: str, text: str) -> str:
    """A keyed digest: equal texts are equal, and nobody without the program's key can tell which text it was."""
    return salted_hmac(f"{_SALT}.{what}", text.strip().casefold(), algorithm="sha256").hexdigest()


@transaction.atomic
def one_more(what: str, text: str, *, at_most: int, now: datetime) -> bool:
    """Count one more try of this; whether it is still within the limit. Two at once wait for each other."""
    digest = digest_of(what, text)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, digest])
    OwnTry.objects.filter(at__lt=now - KEPT).delete()
    OwnTry(digest=digest, at=now).save()
    return OwnTry.objects.filter(digest=digest, at__gt=now - WITHIN).count() <= at_most


def from_one_source(source: str, *, now: datetime) -> None:
    """Refuse more than PER_SOURCE tries in a quarter of an hour from one place of the network, whatever they ask for."""
    if not one_more("source", source, at_most=PER_SOURCE, now=now):
        raise NotAllowed(
            because="There were too many tries from this network.",
            way_out="Wait fifteen minutes, or call the clinic.",
            code="too_many_tries",
        )
