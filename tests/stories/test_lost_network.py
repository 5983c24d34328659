"""The service dies in the middle of an infusion and comes back: the page never pretends, and nothing that was entered or sent is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.whole import clinic
from tests.whole.senders import Sender, beside
from tests.whole.service import Service

pytestmark = pytest.mark.story

STALE_WITHIN_MS, BACK_WITHIN_MS = 15_000, 45_000
ZONE = ZoneInfo("America/New_York")
ROWS_AT = """(wanted) => {
  const cells = [...document.querySelectorAll('#chart [data-table-body] table:last-child tbody tr')].map((row) => row.cells);
  const times = new Set(cells.filter((row) => row[1].textContent === 'pulse').map((row) => row[0].textContent));
  return wanted.every((time) => times.has(time));
}"""
PULSE = "() => document.querySelector('[data-lane=pulse] [data-value] span')?.textContent"
SCORES = "select happened_at, written_at, data from record_sessionevent where kind = 'score_taken' and written_at > %s"


@pytest.fixture
def service(tmp_path):
    made = clinic.copied(tmp_path / "data", chairs=1)
    with Service(tmp_path / "data", WINDDOWN_WORKERS="1") as running:
        running.clinic = made
        yield running


class Chart:
    """The nurse's browser on the chart of the running infusion."""

    def __init__(self, page, session: str) -> None:
        self.page = page
        self.page.goto(f"/sessions/{session}/")
        self.page.wait_for_selector("#chart[data-mounted]")

    def is_live(self, within_ms: int = 10_000) -> None:
        self.page.wait_for_selector('.wd-connection[data-connection="live"]', timeout=within_ms)

    def says_it_is_not_live(self) -> None:
        self.page.wait_for_selector('.wd-connection[data-connection="stale"]', timeout=STALE_WITHIN_MS)
        expect(self.page.locator(".wd-connection").first).to_contain_text("Not live since", use_inner_text=True)

    def shows_a_pulse(self) -> None:
        self.page.wait_for_function(f"() => /^\\d+$/.test(({PULSE})())")

    def taps_awake_but_sluggish(self) -> datetime:
        at = datetime.now(tz=UTC)
        self.page.locator('#score-moaas button[value="4"]').click()
        return at

    def shows_what_waits(self) -> None:
        self.page.wait_for_selector("[data-queue-items] li[data-state=waiting]")
        expect(self.page.locator("[data-queue-items]")).to_contain_text("Sedation", use_inner_text=True)

    def shows_nothing_that_waits(self) -> None:
        self.page.wait_for_function("() => document.querySelector('[data-queue-list]').hidden", timeout=BACK_WITHIN_MS)

    def shows_every_pulse_observed(self, beats_ms: list[int]) -> None:
        """The table beneath the chart has a row for each of these moments, as it comes by itself: nothing is reloaded."""
        wanted = [f"{datetime.fromtimestamp(beat / 1000, ZONE):%H:%M:%S}" for beat in beats_ms]
        self.page.locator("#chart [data-table]").evaluate("(table) => { table.open = true; }")
        self.page.wait_for_function(ROWS_AT, arg=wanted, timeout=BACK_WITHIN_MS)


def test_a_cut_is_shown_an_entry_waits_and_everything_arrives_once_with_its_own_time(service, chromium):
    ((key, session),) = service.clinic.session_of.items()
    name, value = service.clinic.cookies[0].split("=", 1)
    address = f"http://127.0.0.1:{service.port}"
    with beside(Sender(key, service.mllp_port, every_s=1.0)) as sender:
        context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": address}])
        chart = Chart(context.new_page(), session)
        chart.is_live()
        chart.shows_a_pulse()

        cut_at = datetime.now(tz=UTC)
        service.kill_all()
        chart.says_it_is_not_live()
        tapped_at = chart.taps_awake_but_sluggish()
        chart.shows_what_waits()

        service.start()
        back_at = datetime.now(tz=UTC)
        chart.shows_nothing_that_waits()
        chart.is_live(BACK_WITHIN_MS)
        during = [beat for beat in sender.beats.beats if cut_at.timestamp() <= beat / 1000 <= back_at.timestamp()]
        assert len(during) >= 10
        chart.shows_every_pulse_observed(during)
    with service.record(service.clinic.practice) as record:
        ((happened_at, written_at, data),) = record.execute(SCORES, [cut_at]).fetchall()
        assert data == {"scale": "moaas", "value": "4"}
        assert abs(happened_at - tapped_at) < timedelta(seconds=2)
        assert happened_at < back_at
        assert written_at > max(happened_at, back_at - timedelta(seconds=5))
        acknowledged = [each for each, fate in sender.outbox.fates.items() if fate.acknowledged]
        stored = record.execute(
            "select count(distinct m.control_id) from record_devicemessage m join record_reading r on r.message_id = m.id "
            "join record_session s on s.id = r.session_id where m.control_id = any(%s) and s.ref = %s",
            [acknowledged, session],
        ).fetchone()
        assert stored == (len(sender.outbox.fates),)
