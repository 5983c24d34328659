"""The nurse at the chair, in a real browser against a running house: what she does, how many taps it takes, what the record then says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.stories import live
from tests.web.sessions.chair import Chair
from winddown.domain.wire.hl7v2.write import Envelope, Sign, vital_signs
from winddown.record.scope import at_practice
from winddown.services import devices, infusion
from winddown.services.intake import Arrival, Intake

pytestmark = pytest.mark.story
CUT_S = 1.5
COUNT_TAPS = """() => { window.taps = 0; document.addEventListener("click", ({target, isTrusted}) => {
  if (isTrusted && !/^[0-9.]$/.test(target.closest("[data-key]")?.dataset.key ?? "")) window.taps += 1; }, true); }"""


class Nurse:
    """A nurse in front of one chart, with her taps counted."""

    def __init__(self, chair: Chair, page: Any) -> None:
        self.chair, self.page = chair, page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if "Content Security Policy" in message.text else None)

    def opens_the_chart(self) -> None:
        self.page.goto(self.chair.url())
        self.page.wait_for_selector("#chart[data-mounted]")
        self.page.wait_for_selector("#acts dialog", state="attached")
        self.page.wait_for_selector('.wd-connection[data-connection="live"]')
        self.page.wait_for_function("() => document.querySelector('[data-lane=dose] [data-value] span').textContent !== '–'")
        self.page.evaluate(COUNT_TAPS)

    def taps(self, what: str) -> None:
        self.page.locator(what).first.click()

    def types_on_the_pad(self, digits: str) -> None:
        for digit in digits:
            self.page.locator(f'dialog[open] [data-key="{digit}"]').click()

    @property
    def counted(self) -> int:
        return int(self.page.evaluate("() => window.taps"))

    def sees(self, selector: str, words: str) -> None:
        told = "([where, words]) => [...document.querySelectorAll(where)].some((one) => one.textContent.includes(words))"
        self.page.wait_for_function(told, arg=[selector, words])

    def no_dialog_is_open(self) -> None:
        self.page.wait_for_function("() => !document.querySelector('dialog[open]')")

    def the_page_is_accessible(self) -> None:
        assert live.violations(self.page) == []
        assert self.complaints == []


@pytest.fixture
def nurse_at(house: Any, address: str, chromium: Any) -> Iterator[Callable[..., Nurse]]:
    contexts = []

    def sit(chair: Chair | None = None, **options: Any) -> Nurse:
        options = {"viewport": {"width": 1280, "height": 900}} | options
        contexts.append(live.context_for(chromium, address, house.nurse, **options))
        return Nurse(chair or Chair(house), contexts[-1].new_page())

    yield sit
    for context in contexts:
        context.close()


def monitor_at(chair: Chair) -> Callable[..., float]:
    """A monitor bound to the chair; calling it sends one message through the intake and returns the moment before."""
    now = datetime.now(tz=UTC)
    with at_practice(chair.house.id):
        monitor = devices.enroll(
            key="WD-MON-1", kind="monitor", location=chair.house.location, words="monitor", by=chair.house.nurse, now=now
        )
        devices.bind(monitor, chair.session.chair, by=chair.house.nurse, now=now - timedelta(minutes=30))
    intake = Intake(chair.house.id, ZoneInfo("America/New_York"))

    def send(**signs: float) -> float:
        at = datetime.now(tz=UTC)
        raw = vital_signs(
            Envelope(device="WD-MON-1", sent_at=at, control_id=f"{at.timestamp()}"), [Sign(k, v, at) for k, v in signs.items()]
        )
        before = time.monotonic()
        intake.take([Arrival(raw, "127.0.0.1", at)], now=at)
        return before

    return send


def test_a_reading_is_on_the_chart_within_a_second_of_its_arrival(nurse_at):
    nurse = nurse_at()
    nurse.opens_the_chart()
    send = monitor_at(nurse.chair)
    took = []
    for value in (81, 83, 85, 87, 89):
        before = send(heart_rate=value, spo2=97)
        nurse.page.wait_for_function(
            "(value) => document.querySelector('[data-lane=pulse] [data-value] span').textContent === value", arg=str(value), polling=20
        )
        took.append(time.monotonic() - before)
    nurse.taps("#chart [data-table] summary")
    nurse.sees("#chart [data-table-body] tr", "89")
    assert sorted(took)[2] < 1.0, f"seconds from arrival to the screen: {[round(each, 2) for each in took]}"
    nurse.the_page_is_accessible()


def test_a_score_is_one_tap_and_stands_on_the_chart(nurse_at):
    nurse = nurse_at()
    nurse.opens_the_chart()
    nurse.taps('#score-moaas button[value="4"]')
    nurse.sees('[data-lane="scores"] .wd-cell', "4")
    nurse.sees('[data-region="story"]', "Sedation (MOAA/S) 4, sluggish reply to the name")
    assert nurse.counted == 1
    assert nurse.chair.last("score_taken").data == {"scale": "moaas", "value": "4"}
    nurse.the_page_is_accessible()


def test_hold_and_resume_are_two_taps_each(nurse_at):
    nurse = nurse_at()
    nurse.opens_the_chart()
    nurse.taps('.wd-bar [data-act="hold"]')
    nurse.taps('dialog[open] button[value="high pressure"]')
    nurse.sees('[data-region="strip"]', "Held")
    nurse.no_dialog_is_open()
    assert (nurse.counted, nurse.chair.status()) == (2, "held")
    nurse.page.wait_for_selector("#act-resume", state="attached")
    nurse.taps('.wd-bar [data-act="resume"]')
    nurse.taps("dialog[open] .wd-pad-save")
    nurse.sees('[data-region="strip"]', "Infusing")
    assert (nurse.counted, nurse.chair.last("resumed").text("rate_ml_per_h")) == (4, "52.5")
    nurse.the_page_is_accessible()


def test_a_rate_is_tried_as_a_ghost_and_ordered_by_a_second_gesture(nurse_at):
    nurse = nurse_at()
    nurse.opens_the_chart()
    slider = nurse.page.locator("#what-if-rate")
    slider.fill("40")
    nurse.sees("[data-what=finish]", ":")
    nurse.page.wait_for_selector("[data-order]:not([disabled])")
    assert nurse.chair.rows("rate_changed") == []
    nurse.taps("[data-order]")
    expect(nurse.page.locator('dialog[open] [name="rate_ml_per_h"]')).to_have_value("40")
    reason = nurse.page.locator('dialog[open] [name^="reason_"]')
    reason.fill("too dizzy for the full rate")
    nurse.taps("dialog[open] .wd-pad-save")
    nurse.no_dialog_is_open()
    nurse.sees('[data-lane="dose"] [data-value] span', "40")
    changed = nurse.chair.last("rate_changed")
    assert (changed.text("rate_ml_per_h"), list(changed.data["reasons"].values())) == ("40", ["too dizzy for the full rate"])
    nurse.the_page_is_accessible()


def test_a_tenfold_rate_is_stopped_before_it_can_be_sent(nurse_at):
    nurse = nurse_at()
    nurse.opens_the_chart()
    nurse.taps('.wd-bar [data-act="rate"]')
    nurse.types_on_the_pad("525")
    nurse.sees("dialog[open] .wd-field-error", "Stops: ")
    expect(nurse.page.locator("dialog[open] .wd-pad-save")).to_be_disabled()
    assert live.violations(nurse.page) == []
    nurse.page.locator("#rate_as_fact").check()
    expect(nurse.page.locator("dialog[open] .wd-pad-save")).to_be_enabled()
    assert nurse.chair.rows("rate_changed") == []
    nurse.the_page_is_accessible()


def test_a_set_by_hand_takes_eight_taps_at_most_besides_its_digits(nurse_at):
    nurse = nurse_at(viewport={"width": 390, "height": 844}, has_touch=True)
    nurse.opens_the_chart()
    nurse.taps('[data-region="rail"] a[href$="/observe/"], .wd-bar [data-act="observe"]')
    for number in ("128", "79", "84", "15", "97"):
        nurse.types_on_the_pad(number)
    nurse.taps('dialog[open] label:has(input[name="score_moaas"][value="5"])')
    assert live.violations(nurse.page) == []
    nurse.taps("dialog[open] .wd-pad-save")
    nurse.no_dialog_is_open()
    taken = nurse.chair.last("observation_set_taken")
    assert taken.data["missing"] == []
    last = [nurse.chair.readings(kind)[-1] for kind in ("systolic", "diastolic", "pulse_rate", "respiratory_rate", "spo2")]
    assert last == [128, 79, 84, 15, 97]
    assert nurse.counted <= 8
    nurse.sees('[data-lane="pressure"] [data-value] span', "128/79")
    nurse.the_page_is_accessible()


def test_a_network_cut_loses_nothing_and_keeps_the_time_of_each_entry(nurse_at):
    nurse = nurse_at()
    nurse.opens_the_chart()
    nurse.page.context.set_offline(True)
    nurse.taps('.wd-bar [data-act="hold"]')
    nurse.taps('dialog[open] button[value="nausea"]')
    nurse.no_dialog_is_open()
    nurse.taps('#score-nausea button[value="2"]')
    nurse.sees("[data-queue-list]:not([hidden])", "Hold the pump")
    assert nurse.chair.rows("held") == []
    nurse.page.wait_for_timeout(CUT_S * 1000 + 200)
    nurse.page.context.set_offline(False)
    nurse.sees('[data-region="strip"]', "Held")
    nurse.page.wait_for_selector("[data-queue-list]", state="hidden")
    for kind in ("held", "score_taken"):
        kept = nurse.chair.last(kind)
        assert kept.written_at - kept.happened_at > timedelta(seconds=CUT_S)
        assert len(nurse.chair.rows(kind)) == 1
    nurse.the_page_is_accessible()


def test_what_a_colleague_wrote_meanwhile_is_shown_beside_the_entry(nurse_at, house):
    nurse = nurse_at()
    nurse.opens_the_chart()
    nurse.taps('.wd-bar [data-act="rate"]')
    nurse.types_on_the_pad("50")
    with at_practice(house.id):
        infusion.hold(nurse.chair.session, "high pressure", by=house.nurse_2, now=datetime.now(tz=UTC))
    nurse.sees('[data-region="strip"]', "Held")
    nurse.taps("dialog[open] .wd-pad-save")
    nurse.sees("dialog[open] .wd-meanwhile", "While you wrote: Held: high pressure")
    assert nurse.chair.rows("rate_changed") == []
    expect(nurse.page.locator('dialog[open] [name="rate_ml_per_h"]')).to_have_value("50")
    nurse.the_page_is_accessible()


def test_a_press_counts_even_where_news_arrives_between_down_and_up(nurse_at, house):
    nurse = nurse_at()
    nurse.opens_the_chart()
    nurse.page.locator('.wd-bar [data-act="rate"]').first.hover()
    nurse.page.mouse.down()
    with nurse.page.expect_response(lambda answer: answer.url.endswith("/now/") or "/now/?" in answer.url), at_practice(house.id):
        infusion.hold(nurse.chair.session, "high pressure", by=house.nurse_2, now=datetime.now(tz=UTC))
    nurse.page.mouse.up()
    nurse.page.wait_for_selector("dialog[open] [data-key]")
    nurse.sees('[data-region="strip"]', "Held")


def test_the_emergency_card_opens_by_one_tap_and_each_act_writes_its_time(nurse_at):
    nurse = nurse_at()
    nurse.opens_the_chart()
    nurse.taps("[data-emergency] button")
    nurse.page.wait_for_selector("#emergency[open]")
    nurse.sees("#emergency", "ketamine: pumped 17.")
    nurse.taps('#emergency button[value="pump_stopped"]')
    nurse.sees("#emergency .wd-story", "Stopped: emergency")
    nurse.taps('#emergency button[value="help_called"]')
    nurse.sees("#emergency .wd-story", "Emergency: help called.")
    assert (nurse.counted, nurse.chair.status()) == (3, "stopped")
    assert len(nurse.chair.rows("emergency_opened")) == 1
    nurse.the_page_is_accessible()


def test_a_photo_goes_through_the_queue_and_is_kept_whole(nurse_at):
    nurse = nurse_at()
    nurse.opens_the_chart()
    nurse.taps(".wd-more summary")
    nurse.taps('.wd-more [data-act="photo"]')
    picture = {"name": "site.png", "mimeType": "image/png", "buffer": b"a fictional picture"}
    nurse.page.locator('dialog[open] input[type="file"]').set_input_files(picture)
    nurse.taps("dialog[open] .wd-pad-save")
    nurse.no_dialog_is_open()
    kept = nurse.chair.get(f"photos/{nurse.chair.last('photo_taken').text('file')}/")
    assert (kept.content, kept["Content-Type"]) == (b"a fictional picture", "image/png")


def test_without_scripts_a_hold_is_still_a_hold(nurse_at):
    nurse = nurse_at(java_script_enabled=False)
    nurse.page.goto(nurse.chair.url())
    nurse.page.locator('.wd-bar > [data-act="hold"]').click()
    nurse.page.locator('button[value="distress"]').click()
    expect(nurse.page.get_by_text("Kept: Held: distress").first).to_be_visible()
    assert (nurse.chair.status(), nurse.chair.last("held").text("because")) == ("held", "distress")


def test_a_swipe_leads_to_the_other_chair_and_typing_comes_back(nurse_at, house):
    other = Chair(house, chair=1)
    nurse = nurse_at(viewport={"width": 390, "height": 844}, has_touch=True)
    nurse.opens_the_chart()
    nurse.taps(".wd-more summary")
    nurse.taps('.wd-more [data-act="note"]')
    nurse.page.locator('dialog[open] [name="words"]').fill("pale, asks for")
    nurse.page.wait_for_function("() => Object.values(localStorage).some((kept) => kept.includes('pale, asks for'))")
    nurse.taps("dialog[open] [data-close-dialog]")
    nurse.taps(f'.wd-chair-link[href="{other.url()}"]')
    nurse.page.wait_for_url(f"**{other.url()}")
    nurse.opens_the_chart()
    nurse.taps(".wd-more summary")
    nurse.taps('.wd-more [data-act="note"]')
    expect(nurse.page.locator('dialog[open] [name="words"]')).to_have_value("pale, asks for")
    nurse.the_page_is_accessible()
