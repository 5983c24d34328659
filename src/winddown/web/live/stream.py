"""The live stream: server-sent events that resume after any gap and miss nothing.

A client names the last number it has (`after` or Last-Event-ID) and gets everything since, then what the hub hands out.

A page calls itself live because of the sign of life sent here, so that sign is only given while the record itself was read lately.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import constant_time_compare

from winddown.record.models import Account, Session, Staff
from winddown.record.scope import at_practice
from winddown.services import audit, clock, permissions
from winddown.web.live.hub import DROPPED, PAGE, Hub, Item, News, read_after

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
KEEP_ALIVE_S = 4.0
SLOW_CLIENT_S = 20.0
ADMIT_AGAIN_AFTER_S = 60.0


class Refused(Exception):
    """A client that may not listen; `status` is the answer."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))


@dataclass(frozen=True)
class Wish:
    """What one client asked for: everything after a number, one session only, or everything but readings."""

    after: int | None
    session: str
    quiet: bool

    @classmethod
    def of(cls, query: dict[str, str], last_event_id: str) -> Wish:
        asked = last_event_id or query.get("after", "")
        return cls(int(asked) if asked.isdecimal() else None, query.get("session", ""), query.get("quiet") == "1")

    def wants(self, item: Item) -> bool:
        if self.quiet and item.kind == "readings":
            return False
        return not self.session or item.session in (self.session, None)


class Stream:
    """The ASGI application behind /live/stream."""

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self._open: set[asyncio.Task[None]] = set()

    def end(self) -> None:
        """The process is about to stop: end every open stream. Its client comes back to another process, with the last number it has."""
        for task in self._open:
            task.cancel()

    async def lifespan(self, receive: Receive, send: Send) -> None:
        listener: asyncio.Task[None] | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.hub = Hub()
                listener = asyncio.create_task(self.hub.listen())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if listener:
                    listener.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        assert self.hub is not None
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        cookies = headers.get("cookie", "")
        try:
            practice_id = await self.hub.run(_admit, cookies, query.get("session", ""), True)
        except Refused as refused:
            await send({"type": "http.response.start", "status": refused.status, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Sign in first."})
            return
        wish = Wish.of(query, headers.get("last-event-id", ""))
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        queue = await self.hub.join(practice_id)
        told = asyncio.create_task(self._tell(send, practice_id, queue, wish, cookies))
        gone = asyncio.create_task(_until_disconnect(receive))
        self._open.add(told)
        try:
            await asyncio.wait((told, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.hub.queues[practice_id].discard(queue)
            self._open.discard(told)
            for task in (told, gone):
                task.cancel()
            await asyncio.gather(told, gone, return_exceptions=True)
        why = None if told.cancelled() else told.exception()
        if why is not None and not isinstance(why, (Refused, TimeoutError)):
            log.error("a live stream ended by an error; its client comes back", exc_info=why)
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await send({"type": "http.response.body", "body": b""})

    async def _tell(self, send: Send, practice_id: int, queue: asyncio.Queue[News], wish: Wish, cookies: str) -> None:
        """Write until the client is gone, too slow, or dropped by the hub; it comes back with the last number it has."""
        assert self.hub is not None
        last = self.hub.last[practice_id] if wish.after is None else wish.after
        await _write(send, f"retry: 1000\nevent: hello\ndata: {json.dumps({'n': last})}\n\n")
        while wish.after is not None:
            missed: News = await self.hub.run(read_after, practice_id, last)
            if wanted := _wanted(missed, last, wish):
                await _write(send, wanted)
            last = missed[-1].number if missed else last
            if len(missed) < PAGE:
                break
        clock_s = asyncio.get_running_loop().time
        spoke_at = admitted_at = clock_s()
        while True:
            news = await _within(queue, spoke_at + KEEP_ALIVE_S - clock_s())
            if news == DROPPED:
                return
            wanted = _wanted(news or (), last, wish)
            last = news[-1].number if news and news[-1].number > last else last
            if wanted:
                await _write(send, wanted)
                spoke_at = clock_s()
            elif clock_s() - spoke_at >= KEEP_ALIVE_S:
                spoke_at = clock_s()
                if self.hub.has_read_lately(practice_id):
                    await _write(send, f"event: alive\ndata: {json.dumps({'n': last})}\n\n")
            if clock_s() - admitted_at > ADMIT_AGAIN_AFTER_S:
                await self.hub.run(_admit, cookies, wish.session)
                admitted_at = clock_s()


async def _within(queue: asyncio.Queue[News], seconds: float) -> News | None:
    """The next news, or None when there is none in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            return await queue.get()
    return None


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


async def _write(send: Send, text: str) -> None:
    async with asyncio.timeout(SLOW_CLIENT_S):
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _wanted(news: News, last: int, wish: Wish) -> str:
    """What this client asked for, each number once, in order."""
    return "".join(item.text for item in news if item.number > last and wish.wants(item))


async def _until_disconnect(receive: Receive) -> None:
    with suppress(Exception):
        while (await receive())["type"] != "http.disconnect":
            pass


def _admit(cookies: str, session_ref: str, first: bool = False) -> int:
    """The practice this cookie may listen to. Listening to one session's stream is a read of its chart and is audited, once."""
    morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    told = SessionStore(session_key=morsel.value).load() if morsel else {}
    account = Account.objects.filter(pk=told.get(SESSION_KEY, 0), is_active=True).first()
    if account is None or not constant_time_compare(told.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()):
        raise Refused(401)
    with at_practice(account.practice_id):
        staff = Staff.objects.filter(account=account, active=True).first()
        if staff is None or not permissions.may(staff, "chart.read" if session_ref else "board.see"):
            raise Refused(403)
        if session_ref and first:
            session = Session.objects.filter(ref=_reference(session_ref)).select_related("patient").first()
            if session is None:
                raise Refused(404)
            audit.note("follow chart live", by=staff, now=clock.now(), patient=session.patient, subject=str(session.ref))
    return int(account.practice_id)


def _reference(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as why:
        raise Refused(404) from why
