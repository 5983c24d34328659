"""Every page of the house in a practice with a year behind it: milliseconds of processor and questions to the database, the worst first.

`python -m benchmarks.pages` puts the demonstration on stage (in `benchmarks/data/pages`, or `--data`), signs in as whoever may enter, asks
each address of `web/urls.py` for the objects that make it work hardest (a visit in each state, the longest chart), and prints the median of
seven requests after a warm one. `--people 2450` makes the year behind it larger. PostgreSQL's own time is not in the figure; `wall` has it.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MS = 50
ASKED = {
    "sessions/<uuid:ref>/what-if.json": "rate_ml_per_h=40",
    "patients/": "q=a",
}
AT_THE_TIME = "pages.json"
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """One address with the objects that cost most. first_ms: the request that found nothing kept."""

    route: str
    who: str
    path: str
    processor_ms: float
    first_ms: float
    wall_ms: float
    queries: int
    kilobytes: float


@dataclass(frozen=True)
class Asked:
    """What one request took."""

    status: int
    size: int
    processor_ms: float
    wall_ms: float


def main(arguments: argparse.Namespace) -> int:
    data = arguments.data.absolute()
    os.environ.update(WINDDOWN_ENVIRONMENT="demo", WINDDOWN_DATA=str(data))
    if arguments.stage:
        return _stage(data, arguments.people)
    if not (data / AT_THE_TIME).exists():
        staging = [sys.executable, "-m", "benchmarks.pages", "--stage", "--data", str(data), "--people", str(arguments.people)]
        subprocess.run(staging, check=True, cwd=ROOT)
    from winddown.config.environment import read
    from winddown.config.house import open_as

    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with open_as("app", read(os.environ), _say):
        from django.conf import settings

        from winddown.domain.pharmacology import engine

        engine.warm()

        settings.ALLOWED_HOSTS = ["*"]
        logging.getLogger("django.request").setLevel(logging.ERROR)
        _set_the_clock(datetime.fromisoformat(json.loads((data / AT_THE_TIME).read_text())["staged_at"]))
        pages = sorted(_measured(arguments), key=lambda page: -page.processor_ms)
    _print(pages[: arguments.most] if arguments.most else pages)
    if arguments.out:
        arguments.out.write_text(json.dumps([asdict(page) for page in pages], indent=1) + "\n")
    return 0 if all(page.processor_ms < LIMIT_MS for page in pages) else 1


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def _stage(data: Path, people: int) -> int:
    """The demonstration, with as many people of last year as asked for, in a process of its own."""
    from winddown.commands import demo
    from winddown.commands.fiction import cast

    cast.PEOPLE_OF_LAST_YEAR = people
    data.mkdir(parents=True, exist_ok=True)
    demo.run(stage_only=True)
    (data / AT_THE_TIME).write_text(json.dumps({"staged_at": datetime.now(tz=UTC).isoformat(), "people": people}))
    return 0


def _set_the_clock(staged_at: datetime) -> None:
    """The visits of the day are as far as when they were put on stage, however much later this is measured. It runs on from there."""
    from winddown.services import clock

    begun = perf_counter()
    clock.now = lambda: staged_at + timedelta(seconds=30 + (perf_counter() - begun))


def _measured(arguments: argparse.Namespace) -> Iterator[Page]:
    from tests.web.walk.addresses import EVERY
    from winddown.record.models import Practice
    from winddown.record.scope import at_practice

    practice = Practice.objects.get(slug="lakeshore")
    with at_practice(practice.pk):
        house = _house(practice)
        scenes, browsers, own = _scenes(house), _browsers(), _own_browser()
    for address in EVERY:
        if arguments.only and arguments.only not in address.route:
            continue
        who, browser = _who(address, browsers, own)
        found = _hardest(address, browser, scenes)
        if found is not None:
            page = _page(address.route, who, browser, *found, times=arguments.times)
            _say(f"{page.processor_ms:7.1f} {page.queries:4d} {page.route}")
            yield page


def _house(practice: Any) -> Any:
    """A place of its own with its people, for one object of each kind that an address may name: the demonstration's are all on duty."""
    from tests.factories import PASSWORD, PIN, House
    from winddown.record.models import Location
    from winddown.services import clock, people, permissions

    number, now = Location.objects.count(), clock.now()
    chairs = [f"Chair {place}" for place in range(8)]
    place = people.open_location(name=f"Spare {number}", time_zone="America/New_York", now=now, chairs=chairs)
    staff, emails = {}, {}
    for role in [*(role for role in permissions.ROLES if role != permissions.RESEARCHER), "nurse_2", "prescriber_2"]:
        emails[role] = f"{role}.{number}@lakeshore.test"
        told = {"name": f"Spare {role} {number}", "roles": [role.removesuffix("_2")], "practice": practice, "home": place}
        staff[role] = people.employ(email=emails[role], password=PASSWORD, pin=PIN, now=now, **told)
        for kind in ("acls", "sedation"):
            people.record_credential(staff[role], kind=kind, expires_on=now.date() + timedelta(days=200), now=now)
    return House(practice, place, list(place.chairs.all()), staff, emails)


def _scenes(house: Any) -> list[Values]:
    """The objects of the samples; the same with today's visits, one of each state, and with the longest chart of last year."""
    from django.db.models import Count

    from winddown.record.models import Session

    spare = _samples(house)
    visits: dict[str, Any] = {}
    told = Session.objects.annotate(events_told=Count("events")).select_related("order__course__protocol", "order__course__patient")
    for visit in told.order_by("-planned", "-events_told"):
        visits.setdefault(visit.status, visit)
    years = told.filter(order__course__patient__record_number__startswith="Y")
    charts = years.values("order__course__patient").annotate(many=Count("events")).order_by("-many")
    longest = years.filter(order__course__patient=charts[0]["order__course__patient"]).order_by("planned").last()
    return [spare, *({**spare, **_of(visit)} for visit in [*visits.values(), longest] if visit is not None)]


def _of(visit: Any) -> Values:
    order, course = visit.order, visit.order.course
    patient, protocol = course.patient, course.protocol
    named = {"sessions": visit, "orders": order, "courses": course, "patients": patient, "protocols": protocol}
    refs = {f"{kind}.ref": row.ref for kind, row in named.items()}
    return refs | {"session": visit.ref, "order": order.ref, "course": course.ref, "patient": patient.ref, "protocol": protocol.ref}


def _samples(house: Any) -> Values:
    from tests.web.walk.samples import samples
    from winddown.services import clock

    return samples(house, f"Spare{house.location.pk}", now=clock.now())


def _browsers() -> dict[str, Any]:
    """The people who have the demonstration's day before them."""
    from tests.web.people.desk import anyone
    from winddown.record.models import Account

    names = {
        "front_desk": "desk", "nurse": "nurse", "prescriber": "prescriber", "drug_officer": "officer", "director": "director",
        "administrator": "admin",
    }  # fmt: skip
    browsers = {}
    for role, name in names.items():
        browsers[role] = anyone()
        browsers[role].force_login(Account.objects.get(email=f"{name}@lakeshore.test"))
    return browsers


def _own_browser() -> Any:
    """A browser of the patient who has own pages."""
    from tests.web.people.desk import anyone
    from winddown.record.models import OwnAccess
    from winddown.services import clock, own_sign_in
    from winddown.web import own_door

    access = OwnAccess.objects.filter(who="patient", ended_at__isnull=True, proven_at__isnull=False).order_by("id").first()
    client = anyone()
    client.cookies[own_door.COOKIE] = own_sign_in.token_of(own_sign_in.begin(access, how="link", browser="phone", now=clock.now()))
    return client


def _who(address: Any, browsers: Mapping[str, Any], own: Any) -> tuple[str, Any]:
    from tests.web.people.desk import anyone

    if getattr(address.view, "is_public", True):
        return ("patient", own) if address.route.startswith("me/") else ("anyone", anyone())
    order = ("prescriber", "nurse", "director", "drug_officer", "front_desk", "administrator")
    role = next((each for each in order if each in address.allowed), "")
    return role, browsers.get(role)


def _hardest(address: Any, browser: Any, scenes: list[Values]) -> tuple[str, float] | None:
    """The path that costs most of those that answer with a page, and what its first request took. None where nothing answers."""
    if browser is None:
        return None
    paths = dict.fromkeys(address.filled(scene) for scene in scenes)
    asked, found = ASKED.get(address.route, ""), []
    for path in paths:
        full = f"{path}?{asked}" if asked else path
        first = _ask(browser, full)
        if first.status == 405:
            return None
        if first.status == 200:
            found.append((_ask(browser, full).processor_ms, full, first.processor_ms))
    return max(found)[1:] if found else None


def _ask(browser: Any, path: str) -> Asked:
    wall, work = perf_counter(), process_time()
    answer = browser.get(path)
    if answer.streaming and "event-stream" not in answer.get("Content-Type", ""):
        size = sum(len(part) for part in answer.streaming_content)
    else:
        size = 0 if answer.streaming else len(answer.content)
    return Asked(answer.status_code, size, (process_time() - work) * 1000, (perf_counter() - wall) * 1000)


def _page(route: str, who: str, browser: Any, path: str, first_ms: float, *, times: int) -> Page:
    from django.db import connection

    connection.force_debug_cursor = True
    _ask(browser, path)
    queries = len(connection.queries)
    connection.force_debug_cursor = False
    asked = [_ask(browser, path) for _ in range(times)]
    return Page(
        route,
        who,
        path,
        processor_ms=round(statistics.median(each.processor_ms for each in asked), 1),
        first_ms=round(first_ms, 1),
        wall_ms=round(statistics.median(each.wall_ms for each in asked), 1),
        queries=queries,
        kilobytes=round(asked[0].size / 1024, 1),
    )


def _print(pages: list[Page]) -> None:
    print(f"{'processor':>10} {'first':>7} {'wall':>7} {'queries':>8} {'kB':>7}  page")
    for page in pages:
        told = f"{page.processor_ms:10.1f} {page.first_ms:7.1f} {page.wall_ms:7.1f} {page.queries:8d} {page.kilobytes:7.1f}"
        print(f"{told}  /{page.route} ({page.who})")
    over = sum(page.processor_ms >= LIMIT_MS for page in pages)
    print(f"{len(pages)} pages, {over} at or above {LIMIT_MS} ms of processor; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", type=Path, default=ROOT / "benchmarks" / "data" / "pages")
    words.add_argument("--people", type=int, default=144, help="fictional people of last year, when the record is made")
    words.add_argument("--only", default="", help="only the addresses with these letters in them")
    words.add_argument("--times", type=int, default=7)
    words.add_argument("--most", type=int, default=0, help="print only so many")
    words.add_argument("--out", type=Path, help="write all figures there, as JSON")
    words.add_argument("--stage", action="store_true", help=argparse.SUPPRESS)
    raise SystemExit(main(words.parse_args()))
