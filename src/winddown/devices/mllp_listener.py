"""The MLLP listener: one message in, one answer out, and AA only once the bytes are committed.

Frames of all connections are gathered for a moment and taken in as one transaction, because a commit costs the same for one message
as for fifty; while one batch is stored the next one gathers. A sender that is not on the allow-list is turned away before a byte is read.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path

from winddown.domain.wire.mllp import Frame, Framer, Garbage, wrap
from winddown.services import clock
from winddown.services.intake import Arrival, Intake

log = logging.getLogger("winddown.mllp")

CHUNK = 64 * 1024
GATHER_S = 0.025
ENOUGH, BATCH = 20, 256
WAITING_MAX = 2048
UNREAD_ANSWERS_MAX_BYTES = 256 * 1024

Network = IPv4Network | IPv6Network


@dataclass
class Waiting:
    """One piece of a stream that waits for its turn, and where its answer goes. No piece: the sender has hung up."""

    piece: Frame | Garbage | None
    peer: str
    writer: asyncio.StreamWriter


class Listener:
    """Accepts connections and feeds one Intake."""

    def __init__(self, intake: Intake, *, allow: Sequence[Network] = ()) -> None:
        self.intake = intake
        self.allow = tuple(allow)
        self.queue: asyncio.Queue[Waiting] = asyncio.Queue(WAITING_MAX)
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="intake")
        self.server: asyncio.Server | None = None
        self._worker: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; returns the port, which matters when 0 was asked for."""
        self._worker = asyncio.create_task(self._take_in())
        self.server = await asyncio.start_server(self._serve, host, port, ssl=tls, limit=CHUNK, backlog=1024)
        return int(self.server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no new connection, finish what has arrived, then let go."""
        if self.server:
            self.server.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self.queue.join()
        if self._worker:
            self._worker.cancel()
        self.thread.shutdown(wait=True)

    def allows(self, peer: str) -> bool:
        address = ip_address(peer.split("%")[0])
        if not self.allow:
            return address.is_loopback
        return any(address in network for network in self.allow)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = str((writer.get_extra_info("peername") or ("",))[0])
        if not self.allows(peer):
            log.warning("a connection from an address that is not on the allow-list was closed: %s", peer)
            writer.close()
            return
        _notice_a_dead_line(writer)
        framer = Framer()
        try:
            while chunk := await reader.read(CHUNK):
                for piece in framer.receive(chunk):
                    await self.queue.put(Waiting(piece, peer, writer))
            for piece in framer.close():
                await self.queue.put(Waiting(piece, peer, writer))
        except (ConnectionError, TimeoutError, ssl.SSLError):
            log.info("a device connection broke off")
        finally:
            await self.queue.put(Waiting(None, peer, writer))

    async def _take_in(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self.queue.get()]
            if self.queue.qsize() < ENOUGH:
                await asyncio.sleep(GATHER_S)
            while len(batch) < BATCH and not self.queue.empty():
                batch.append(self.queue.get_nowait())
            try:
                answers = await loop.run_in_executor(self.thread, self._store, batch)
                self._answer(batch, answers)
            except Exception:
                log.exception("a batch could not be stored; it was not acknowledged, so its senders will repeat it")
                self._drop(batch)
            finally:
                for _ in batch:
                    self.queue.task_done()

    def _store(self, batch: Sequence[Waiting]) -> list[bytes | None]:
        from django.db import connection  # slow import

        connection.close_if_unusable_or_obsolete()
        now = clock.now()
        frames = [Arrival(bytes(each.piece.payload), each.peer, now) for each in batch if isinstance(each.piece, Frame)]
        answers = iter(self.intake.take(frames, now=now) if frames else ())
        told: list[bytes | None] = []
        for each in batch:
            if isinstance(each.piece, Garbage):
                self.intake.keep_garbage(bytes(each.piece.payload), each.piece.because, each.peer, now=now)
            told.append(next(answers) if isinstance(each.piece, Frame) else None)
        return told

    def _answer(self, batch: Sequence[Waiting], answers: Sequence[bytes | None]) -> None:
        """Write the answers without waiting for anybody: a sender that reads none of them is let go, and the others never notice."""
        for each, answer in zip(batch, answers, strict=True):
            if answer is not None and not each.writer.is_closing():
                each.writer.write(wrap(answer))
                if each.writer.transport.get_write_buffer_size() > UNREAD_ANSWERS_MAX_BYTES:
                    log.warning("a device that reads no answers was let go: %s", each.peer)
                    each.writer.transport.abort()
        for each in batch:
            if each.piece is None:
                each.writer.close()

    def _drop(self, batch: Sequence[Waiting]) -> None:
        for writer in {id(each.writer): each.writer for each in batch}.values():
            writer.close()


def _notice_a_dead_line(writer: asyncio.StreamWriter) -> None:
    """A monitor that was switched off says no goodbye: the system asks after five silent minutes, and lets the connection go."""
    line = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 300), ("TCP_KEEPINTVL", 30), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def tls_context(certificate: Path, key: Path, client_authority: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or newer; with an authority, only devices that hold a certificate of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if client_authority is not None:
        context.load_verify_locations(client_authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


async def run(host: str, port: int, intake: Intake, allow: Sequence[Network], tls: ssl.SSLContext | None) -> None:
    listener = Listener(intake, allow=allow)
    bound = await listener.start(host, port, tls)
    log.info("listening for devices on %s port %d%s", host, bound, " with TLS" if tls else "")
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
    await listener.stop()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winddown.config.settings")
    import django  # slow import

    django.setup()
    from django.conf import settings  # slow import

    told = settings.ENVIRONMENT
    tls = None
    if told.mllp_tls_cert and told.mllp_tls_key:
        tls = tls_context(told.mllp_tls_cert, told.mllp_tls_key, told.mllp_tls_client_ca)
    asyncio.run(run(told.mllp_host, told.mllp_port, intake_for(told.mllp_practice), told.mllp_allow, tls))


def intake_for(slug: str | None) -> Intake:
    """The practice this listener serves: the one that is named, or the only one. Several and no name stops the program."""
    from zoneinfo import ZoneInfo  # slow import

    from winddown.domain.refusals import Missing  # slow import
    from winddown.record.models import Location, Practice  # slow import
    from winddown.record.scope import at_practice  # slow import

    practices = list(Practice.objects.filter(slug=slug) if slug else Practice.objects.all()[:2])
    if len(practices) != 1:
        raise Missing(
            because=f"{'No practice' if not practices else 'More than one practice'} for this listener.",
            way_out="Name it with WINDDOWN_MLLP_PRACTICE, or make one with `winddown init`.",
            code="listener_practice",
        )
    with at_practice(practices[0].pk):
        zone = Location.objects.order_by("id").values_list("time_zone", flat=True).first() or "UTC"
    return Intake(practices[0].pk, ZoneInfo(zone))


if __name__ == "__main__":
    main()
