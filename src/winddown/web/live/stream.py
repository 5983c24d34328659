"""The live stream: server-sent events that resume after any gap and miss nothing.

One PostgreSQL LISTEN per web process wakes it; a wake-up carries no data, the announcements are read from the table inside the
practice's scope. A client names the last number it has (`after` or Last-Event-ID) and gets everything since.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from winddown.record.models import Account, Announcement, Session, Staff
from winddown.record.protection import CHANNEL
from winddown.record.scope import at_practice
from winddown.services import announcements, audit, clock, permissions

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
KEEP_ALIVE_S = 4.0
QUEUE_MAX = 5000
PAGE = 500


class Refused(Exception):
    """A client that may not listen; `status` is the answer."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))


class Hub:
    """One reader per practice, however many screens listen."""

    def __init__(self) -> None:
        self.queues: dict[int, set[asyncio.Queue[list[dict[str, Any]]]]] = defaultdict(set)
        self.last: dict[int, int] = {}
        self.threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="stream")
        self._wanted: dict[int, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, _with_fresh_connection, function, *args)

    async def listen(self) -> None:
        """Keep one LISTEN open; after any loss, wake every practice once so that nothing waits for the next message."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True) as link:
                    await link.execute(f"listen {CHANNEL}")
                    for practice_id in list(self.queues):
                        self.wake(practice_id)
                    async for notice in link.notifies():
                        self.wake(int(notice.payload.split(":")[0]))
            except (psycopg.Error, OSError) as why:
                log.warning("live stream lost its database link: %s; trying again", type(why).__name__)
                await asyncio.sleep(0.5)

    def wake(self, practice_id: int) -> None:
        """Ask the practice's reader to look. Many wake-ups while it reads become one more look."""
        if not self.queues.get(practice_id):
            return
        if practice_id not in self._wanted:
            self._wanted[practice_id] = asyncio.Event()
            task = asyncio.create_task(self._reader(practice_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._wanted[practice_id].set()

    async def _reader(self, practice_id: int) -> None:
        wanted = self._wanted[practice_id]
        while True:
            await wanted.wait()
            wanted.clear()
            try:
                await self._hand_out(practice_id)
            except Exception:
                log.exception("live stream reader failed; it will look again")
                await asyncio.sleep(0.2)
                wanted.set()

    async def _hand_out(self, practice_id: int) -> None:
        while True:
            news = await self.run(_read_after, practice_id, self.last[practice_id])
            if not news:
                return
            self.last[practice_id] = news[-1]["n"]
            for queue in list(self.queues[practice_id]):
                if queue.qsize() >= QUEUE_MAX:
                    self.queues[practice_id].discard(queue)
                    queue.put_nowait([])
                else:
                    queue.put_nowait(news)
            if len(news) < PAGE:
                return

    async def join(self, practice_id: int) -> asyncio.Queue[list[dict[str, Any]]]:
        if not self.queues[practice_id]:
            self.last[practice_id] = await self.run(_latest, practice_id)
        queue: asyncio.Queue[list[dict[str, Any]]] = asyncio.Queue()
        self.queues[practice_id].add(queue)
        self.wake(practice_id)
        return queue


class Stream:
    """The ASGI application behind /live/stream."""

    def __init__(self) -> None:
        self.hub: Hub | None = None

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
        try:
            practice_id = await self.hub.run(_admit, headers.get("cookie", ""), query.get("session", ""))
        except Refused as refused:
            await send({"type": "http.response.start", "status": refused.status, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Sign in first."})
            return
        asked = headers.get("last-event-id") or query.get("after", "")
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        queue = await self.hub.join(practice_id)
        gone = asyncio.create_task(_until_disconnect(receive))
        try:
            await self._tell(send, practice_id, queue, int(asked) if asked.isdigit() else None, query, gone)
        finally:
            self.hub.queues[practice_id].discard(queue)
            gone.cancel()

    async def _tell(
        self,
        send: Send,
        practice_id: int,
        queue: asyncio.Queue[list[dict[str, Any]]],
        after: int | None,
        query: dict[str, str],
        gone: asyncio.Task[None],
    ) -> None:
        assert self.hub is not None
        last = self.hub.last[practice_id] if after is None else after
        await _write(send, f"retry: 1000\nevent: hello\ndata: {json.dumps({'n': last})}\n\n")
        while after is not None:
            missed = await self.hub.run(_read_after, practice_id, last)
            last = await _write_news(send, missed, last, query)
            if len(missed) < PAGE:
                break
        while not gone.done():
            try:
                async with asyncio.timeout(KEEP_ALIVE_S):
                    news = await queue.get()
            except TimeoutError:
                await _write(send, f"event: alive\ndata: {json.dumps({'n': last})}\n\n")
                continue
            if not news:
                return
            last = await _write_news(send, news, last, query)


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _write_news(send: Send, news: list[dict[str, Any]], last: int, query: dict[str, str]) -> int:
    """Write what this client asked for, each number once, in order; returns the newest number whether written or filtered."""
    session, quiet = query.get("session", ""), query.get("quiet") == "1"
    lines = []
    for item in news:
        if item["n"] <= last:
            continue
        last = item["n"]
        if (quiet and item["kind"] == "readings") or (session and item["session"] not in (session, None)):
            continue
        lines.append(f"event: announcement\nid: {item['n']}\ndata: {json.dumps(item, separators=(',', ':'))}\n\n")
    if lines:
        await _write(send, "".join(lines))
    return last


async def _until_disconnect(receive: Receive) -> None:
    with suppress(Exception):
        while (await receive())["type"] != "http.disconnect":
            pass


def _with_fresh_connection(function: Callable[..., Any], *args: Any) -> Any:
    connection.close_if_unusable_or_obsolete()
    return function(*args)


def _admit(cookies: str, session_ref: str) -> int:
    """The practice this cookie may listen to. Listening to one session's stream is a read of its chart and is audited."""
    morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    account_id = SessionStore(session_key=morsel.value).get(SESSION_KEY) if morsel else None
    account = Account.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    if account is None:
        raise Refused(401)
    with at_practice(account.practice_id):
        staff = Staff.objects.filter(account=account, active=True).first()
        if staff is None or not permissions.may(staff, "chart.read" if session_ref else "board.see"):
            raise Refused(403)
        if session_ref:
            session = Session.objects.filter(ref=session_ref).select_related("patient").first()
            if session is None:
                raise Refused(404)
            audit.note("follow chart live", by=staff, now=clock.now(), patient=session.patient, subject=str(session.ref))
    return int(account.practice_id)


def _read_after(practice_id: int, number: int) -> list[dict[str, Any]]:
    with at_practice(practice_id):
        return [_plain(row) for row in announcements.after(number, limit=PAGE)]


def _latest(practice_id: int) -> int:
    with at_practice(practice_id):
        return announcements.latest()


def _plain(row: Announcement) -> dict[str, Any]:
    return {
        "n": row.number,
        "kind": row.kind,
        "session": str(row.session_ref) if row.session_ref else None,
        "chair": str(row.chair_ref) if row.chair_ref else None,
        "at": int(row.at.timestamp() * 1000),
        "body": row.body,
    }
