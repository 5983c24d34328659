"""The post: takes what is due out of the outbox of one practice and hands it over, each message once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from winddown.jobs.providers import NotSent, Provider, providers
from winddown.record.scope import at_practice
from winddown.services import messages

log = logging.getLogger("winddown.post")
MOST_AT_ONCE = 200


def send_due(practice_id: int, *, now: datetime) -> int:
    """Hand over what is due; how many were handed over. Between claiming and hearing no transaction is open."""
    return carry(practice_id, providers(settings.MESSAGES), now=now)


def carry(practice_id: int, by: Mapping[str, Provider], *, now: datetime) -> int:
    """`by`: the provider of each channel. A message is claimed and committed first; what came of it is written after."""
    done = 0
    for _turn in range(MOST_AT_ONCE):
        with at_practice(practice_id):
            outgoing = messages.claim(now=now)
        if outgoing is None:
            return done
        try:
            words = by[outgoing.channel].send(outgoing)
        except NotSent as why:
            log.warning("message %s by %s was not sent: %s", outgoing.ref, outgoing.channel, why.words)
            with at_practice(practice_id):
                if why.unsure:
                    messages.not_known(outgoing.ref, now=now, words=why.words)
                else:
                    messages.not_sent(outgoing.ref, now=now, words=why.words, for_good=why.for_good)
            continue
        done += 1
        with at_practice(practice_id):
            messages.sent(outgoing.ref, now=now, words=words)
    return done
