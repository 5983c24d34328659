"""What the live stream hands out: one reader of the announcements per practice and web process, however many screens listen.

One PostgreSQL LISTEN per web process wakes it; a wake-up carries no data, the announcements are read from the table inside the
practice's scope.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import connection

from winddown.record.models import Announcement
from winddown.record.protection import CHANNEL
from winddown.record.scope import at_practice
from winddown.services import announcements

log = logging.getLogger(__name__)

LOOK_AT_LEAST_EVERY_S = 2.0
LOOK_AT_MOST_EVERY_S = 0.04
READ_LATELY_S = 6.0
QUEUE_MAX = 2000
PAGE = 500


class Item(NamedTuple):
    """One announcement, written out once for all who hear it."""

    number: int
    kind: str
    session: str | None
    text: str


News = Sequence[Item]
DROPPED: News = ()


class Hub:
    """One reader per practice, however many screens listen."""

    def __init__(self) -> None:
        self.queues: dict[int, set[asyncio.Queue[News]]] = defaultdict(set)
        self.last: dict[int, int] = {}
        self.read_at: dict[int, float] = {}
        self.threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="stream")
        self._wanted: dict[int, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, _with_fresh_connection, function, *args)

    async def listen(self) -> None:
        """Keep one LISTEN open. Now and then every practice is looked at without a wake-up: a dead link delays, it never silences."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True, connect_timeout=5) as link:
                    await link.execute(f"listen {CHANNEL}")
                    while True:
                        self.wake_all()
                        async for notice in link.notifies(timeout=LOOK_AT_LEAST_EVERY_S):
                            self.wake(int(notice.payload.split(":")[0]))
            except (psycopg.Error, OSError) as why:
                log.warning("live stream lost its database link: %s; trying again", type(why).__name__)
                await asyncio.sleep(0.5)

    def wake_all(self) -> None:
        for practice_id in list(self.queues):
            self.wake(practice_id)

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
                await asyncio.sleep(0.5)
                wanted.set()
            await asyncio.sleep(LOOK_AT_MOST_EVERY_S)

    async def _hand_out(self, practice_id: int) -> None:
        while True:
            news: News = await self.run(read_after, practice_id, self.last[practice_id])
            self.read_at[practice_id] = asyncio.get_running_loop().time()
            if not news:
                return
            self.last[practice_id] = news[-1].number
            for queue in list(self.queues[practice_id]):
                if queue.qsize() >= QUEUE_MAX:
                    self.queues[practice_id].discard(queue)
                    queue.put_nowait(DROPPED)
                else:
                    queue.put_nowait(news)
            if len(news) < PAGE:
                return

    def has_read_lately(self, practice_id: int) -> bool:
        return asyncio.get_running_loop().time() - self.read_at.get(practice_id, 0.0) <= READ_LATELY_S

    async def join(self, practice_id: int) -> asyncio.Queue[News]:
        """A queue that gets everything after `last`. Only the first to listen sets it: set later, it would skip what others wait for."""
        if not self.queues[practice_id]:
            newest = await self.run(_latest, practice_id)
            if not self.queues[practice_id]:
                self.last[practice_id] = newest
        queue: asyncio.Queue[News] = asyncio.Queue()
        self.queues[practice_id].add(queue)
        self.wake(practice_id)
        return queue


def _with_fresh_connection(function: Callable[..., Any], *args: Any) -> Any:
    connection.close_if_unusable_or_obsolete()
    return function(*args)


def read_after(practice_id: int, number: int) -> list[Item]:
    with at_practice(practice_id):
        return [_written(row) for row in announcements.after(number, limit=PAGE)]


def _latest(practice_id: int) -> int:
    with at_practice(practice_id):
        return announcements.latest()


def _written(row: Announcement) -> Item:
    session = str(row.session_ref) if row.session_ref else None
    told = {
        "n": row.number,
        "kind": row.kind,
        "session": session,
        "chair": str(row.chair_ref) if row.chair_ref else None,
        "at": int(row.at.timestamp() * 1000),
        "body": row.body,
    }
    text = f"event: announcement\nid: {row.number}\ndata: {json.dumps(told, separators=(',', ':'))}\n\n"
    return Item(row.number, row.kind, session, text)
