"""The live stream from outside: a real web process, real sockets, a real database."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from datetime import UTC, datetime
from uuid import uuid4

import psutil
import psycopg
import pytest
from django.test import Client

from tests import factories
from tests.web.live.worker import Worker, listening, serving
from winddown.record.models import Account, AuditEntry
from winddown.record.scope import at_practice
from winddown.services import announcements
from winddown.services.announcements import News, announce


@pytest.fixture(scope="module")
def worker(urls):
    with serving(urls.app) as running:
        yield running


def cookie_of(house, role: str = "nurse") -> str:
    client = Client()
    client.force_login(Account.objects.get(email=house.emails[role]), backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"sessionid={client.cookies['sessionid'].value}"


def publish(house, *bodies: dict, kind: str = "event", session=None) -> None:
    with at_practice(house.id):
        announce(*(News(kind, datetime.now(tz=UTC), session, None, body) for body in bodies))


def newest(house) -> int:
    with at_practice(house.id):
        return announcements.latest()


async def hello(stream) -> None:
    assert (await stream.next())[0] == "hello"


def test_a_client_that_is_cut_off_five_times_hears_every_number_exactly_once_in_order(worker: Worker, house):
    cookie, first = cookie_of(house), newest(house)

    def publish_all() -> None:
        for start in range(0, 500, 5):
            publish(house, *({"place": start + place} for place in range(5)))

    async def follow() -> list[dict]:
        heard: list[dict] = []
        publisher = asyncio.create_task(asyncio.to_thread(publish_all))
        for until in (40, 41, 170, 300, 450, 500):
            last = heard[-1]["n"] if heard else first
            async with listening(worker.port, cookie, last=last) as stream:
                heard += await stream.announcements(until - len(heard))
        await publisher
        return heard

    heard = asyncio.run(follow())
    assert [each["n"] for each in heard] == list(range(first + 1, first + 501))
    assert [each["body"]["place"] for each in heard] == list(range(500))


def test_the_query_resumes_like_the_header_and_a_page_of_thousands_is_caught_up(worker: Worker, house):
    first = newest(house)
    publish(house, *({"place": place} for place in range(1200)))

    async def follow() -> list[dict]:
        async with listening(worker.port, cookie_of(house), f"?after={first}") as stream:
            return await stream.announcements(1200)

    assert [each["n"] for each in asyncio.run(follow())] == list(range(first + 1, first + 1201))


def test_two_screens_that_come_at_once_into_a_busy_practice_miss_nothing(worker: Worker, house):
    cookie = cookie_of(house)

    async def follow() -> list[dict]:
        async with listening(worker.port, cookie) as stream:
            kind, said = await stream.next()
            assert kind == "hello"
            heard = []
            while not heard or heard[-1]["body"] != {"last": True}:
                heard += await stream.announcements(1)
            assert heard[0]["n"] == said["n"] + 1
            return heard

    async def both() -> list[list[dict]]:
        publisher = asyncio.create_task(asyncio.to_thread(lambda: [publish(house, {"place": place}) for place in range(100)]))
        screens = [asyncio.create_task(follow()) for _ in range(4)]
        await publisher
        await asyncio.to_thread(publish, house, {"last": True})
        async with asyncio.timeout(20):
            return await asyncio.gather(*screens)

    for heard in asyncio.run(both()):
        numbers = [each["n"] for each in heard]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_nothing_of_another_practice_is_ever_heard(worker: Worker, house, urls):
    other = factories.house(urls)
    cookie = cookie_of(house)

    async def follow() -> list[dict]:
        async with listening(worker.port, cookie) as stream, listening(worker.port, cookie_of(other)) as foreign:
            await hello(stream)
            await hello(foreign)
            await asyncio.to_thread(publish, other, {"whose": "other"}, {"whose": "other"})
            assert [each["body"] for each in await foreign.announcements(2)] == [{"whose": "other"}] * 2
            await asyncio.to_thread(publish, house, {"whose": "own"})
            return await stream.announcements(1)

    assert [each["body"] for each in asyncio.run(follow())] == [{"whose": "own"}]


def status_of(worker: Worker, cookie: str, query: str = "") -> int:
    async def ask() -> int:
        async with listening(worker.port, cookie, query) as stream:
            return stream.status

    return asyncio.run(ask())


def test_a_stranger_gets_401_a_role_without_charts_403_and_a_foreign_or_misspelt_session_404(worker: Worker, house, urls):
    other = factories.house(urls)
    with at_practice(house.id):
        own = factories.session(house)
    with at_practice(other.id):
        foreign = factories.session(other)
    assert status_of(worker, "") == 401
    assert status_of(worker, "sessionid=not-a-session") == 401
    assert status_of(worker, cookie_of(house, "front_desk")) == 200
    assert status_of(worker, cookie_of(house, "front_desk"), f"?session={own.ref}") == 403
    assert status_of(worker, cookie_of(house), f"?session={own.ref}") == 200
    assert status_of(worker, cookie_of(house), f"?session={foreign.ref}") == 404
    assert status_of(worker, cookie_of(house), f"?session={uuid4()}") == 404
    assert status_of(worker, cookie_of(house), "?session=1%27--") == 404
    with at_practice(house.id):
        entry = AuditEntry.objects.get(act="follow chart live")
        assert (entry.by.name, entry.subject) == (house.nurse.name, str(own.ref))


def test_a_person_who_left_or_changed_the_password_cannot_listen(worker: Worker, house):
    left, changed = cookie_of(house, "nurse"), cookie_of(house, "prescriber")
    Account.objects.filter(email=house.emails["nurse"]).update(is_active=False)
    account = Account.objects.get(email=house.emails["prescriber"])
    account.set_password("another long fictional password 8")
    account.save()
    assert [status_of(worker, cookie) for cookie in (left, changed)] == [401, 401]


def test_a_chart_hears_its_own_session_and_the_house_and_a_quiet_page_no_readings(worker: Worker, house):
    with at_practice(house.id):
        mine, other = factories.session(house, chair=0), factories.session(house, chair=1)

    async def follow() -> tuple[list[dict], list[dict]]:
        async with (
            listening(worker.port, cookie_of(house), f"?session={mine.ref}") as chart,
            listening(worker.port, cookie_of(house), "?quiet=1") as page,
        ):
            await hello(chart)
            await hello(page)
            await asyncio.to_thread(publish, house, {"at": "other"}, kind="readings", session=other.ref)
            await asyncio.to_thread(publish, house, {"at": "mine"}, kind="readings", session=mine.ref)
            await asyncio.to_thread(publish, house, {"at": "other"}, session=other.ref)
            await asyncio.to_thread(publish, house, {"at": "house"})
            return await chart.announcements(2), await page.announcements(2)

    chart, page = asyncio.run(follow())
    assert [(each["body"]["at"], each["session"]) for each in chart] == [("mine", str(mine.ref)), ("house", None)]
    assert [each["body"]["at"] for each in page] == ["other", "house"]


def test_a_sign_of_life_comes_in_silence_and_also_when_all_the_talk_is_about_others(worker: Worker, house):
    with at_practice(house.id):
        mine, other = factories.session(house, chair=0), factories.session(house, chair=1)

    async def talk() -> None:
        while True:
            await asyncio.to_thread(publish, house, {}, kind="readings", session=other.ref)
            await asyncio.sleep(0.2)

    async def first_after_hello(query: str, house_of: str) -> str:
        async with listening(worker.port, house_of, query) as stream, asyncio.timeout(6):
            await hello(stream)
            return (await stream.next())[0]

    async def both() -> list[str]:
        talking = asyncio.create_task(talk())
        try:
            return await asyncio.gather(
                first_after_hello(f"?session={mine.ref}", cookie_of(house)), first_after_hello("?quiet=1", cookie_of(house))
            )
        finally:
            talking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await talking

    assert asyncio.run(both()) == ["alive", "alive"]


def test_the_stream_goes_on_after_all_its_database_links_were_cut(worker: Worker, house, urls):
    cookie = cookie_of(house)

    async def follow() -> list[dict]:
        async with listening(worker.port, cookie) as stream:
            await hello(stream)
            await asyncio.to_thread(publish, house, {"place": 1})
            heard = await stream.announcements(1)
            assert await asyncio.to_thread(_cut_links, urls, worker) >= 2
            await asyncio.to_thread(publish, house, {"place": 2})
            return heard + await stream.announcements(1)

    heard = asyncio.run(follow())
    assert [each["body"] for each in heard] == [{"place": 1}, {"place": 2}]
    assert heard[1]["n"] == heard[0]["n"] + 1


def _cut_links(urls, worker: Worker) -> int:
    """End every database link of the web process: the one that listens, and those that read."""
    ports = [link.laddr.port for link in psutil.Process(worker.process.pid).net_connections("tcp") if link.status == "ESTABLISHED"]
    with psycopg.connect(urls.superuser) as connection:
        done = connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where client_port = any(%s)", [ports])
        return len(done.fetchall())


def test_a_client_that_reads_nothing_holds_nobody_up(worker: Worker, house):
    cookie = cookie_of(house)

    async def follow() -> list[dict]:
        with socket.socket() as stuck:
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stuck.connect(("127.0.0.1", worker.port))
            stuck.sendall(f"GET /live/stream HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
            async with listening(worker.port, cookie) as stream:
                await hello(stream)
                for place in range(60):
                    await asyncio.to_thread(publish, house, *({"place": place, "words": "x" * 20_000} for _ in range(5)))
                return await stream.announcements(300)

    assert [each["body"]["place"] for each in asyncio.run(follow())] == [place for place in range(60) for _ in range(5)]


def test_a_web_process_with_open_streams_ends_within_four_seconds(urls, house):
    cookie = cookie_of(house)

    async def follow(worker: Worker) -> int:
        async with contextlib.AsyncExitStack() as stack:
            streams = [await stack.enter_async_context(listening(worker.port, cookie)) for _ in range(5)]
            for stream in streams:
                await hello(stream)
            return await asyncio.to_thread(worker.end, 4)

    with serving(urls.app) as worker:
        assert asyncio.run(follow(worker)) in (0, -signal.SIGTERM)
