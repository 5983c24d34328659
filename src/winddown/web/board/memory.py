"""The stories of visits by version, kept in this process: a story only grows, and its version counts how far it has grown."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

from winddown.domain.sessions.story import Event, effective
from winddown.record.models import Session
from winddown.record.queries import board

SIZE = 500


class Stories:
    """What stands of each story, read again when its session's version has moved. The sessions come from inside the practice's scope."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._known: OrderedDict[int, tuple[int, tuple[Event, ...]]] = OrderedDict()
        self._lock = Lock()

    def of(self, sessions: Sequence[Session]) -> dict[int, tuple[Event, ...]]:
        """One query for those that have grown, none when nothing has."""
        with self._lock:
            found = {session.pk: self._known[session.pk][1] for session in sessions if self._has(session)}
        grown = [session for session in sessions if session.pk not in found]
        if grown:
            fresh = {pk: effective(events) for pk, events in board.stories([session.pk for session in grown]).items()}
            self._keep(grown, fresh)
            found |= fresh
        return found

    def _has(self, session: Session) -> bool:
        return session.pk in self._known and self._known[session.pk][0] == session.version

    def _keep(self, sessions: Sequence[Session], fresh: Mapping[int, tuple[Event, ...]]) -> None:
        with self._lock:
            for session in sessions:
                self._known[session.pk] = (session.version, fresh[session.pk])
                self._known.move_to_end(session.pk)
            while len(self._known) > self._size:
                self._known.popitem(last=False)


STORIES = Stories()
