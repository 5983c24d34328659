"""The live infusion chart: what arrives is drawn, what is asked is drawn as a ghost, and what is abnormal is said in words."""

from __future__ import annotations

from statistics import median

import pytest
from front_stage import Open, Stage, comes_true, until
from playwright.sync_api import Page

pytestmark = pytest.mark.story

LANE_PIXELS = "(key) => document.querySelector(`[data-lane=${key}] canvas`).toDataURL()"
APPEND = """([kind, value]) => new Promise((resolve) => {
  const began = performance.now();
  const drawn = ({ detail }) => requestAnimationFrame(() => resolve({ lanes: detail.lanes, ms: performance.now() - began }));
  document.querySelector("#chart").addEventListener("winddown:drawn", drawn, { once: true });
  const body = { readings: [[kind, Date.now(), value, "accepted", "monitor", ""]] };
  const detail = { n: 9000, kind: "readings", session: "S-1042", at: Date.now(), body };
  document.dispatchEvent(new CustomEvent("winddown:announcement", { detail }));
})"""


# Asks again for everything, and is over once what came is drawn.
ASK_FOR_THE_WHOLE = """() => new Promise((done) => {
  const ask = window.fetch;
  window.fetch = async (url, ...rest) => {
    const answer = await ask(url, ...rest);
    const drawn = () => document.querySelector("#chart").addEventListener("winddown:drawn", done, { once: true });
    if (String(url).includes("session.json")) drawn();
    return answer;
  };
  document.dispatchEvent(new CustomEvent("winddown:resync"));
})"""
COUNT_TAKEN = "window.taken = 0; document.addEventListener('winddown:announcement', () => { window.taken += 1; })"


def lane_value(page: Page, lane: str) -> str:
    return page.inner_text(f'[data-lane="{lane}"] [data-value] span')


def test_a_session_25_minutes_in_is_drawn_without_a_complaint(open_page: Open) -> None:
    watched = open_page("chart")
    assert lane_value(watched.page, "pressure") == "156/89"
    assert lane_value(watched.page, "dose") == "52.5"
    assert "pumped 17.5 mg" in watched.page.inner_text('[data-lane="dose"]')
    assert "calibrated on simulated patients only" in watched.page.inner_text('[data-lane="concentration"]')
    assert watched.complaints == []


def test_an_appended_reading_is_drawn_within_100_ms_and_only_its_own_lane_is_drawn(open_page: Open) -> None:
    page = open_page("chart").page
    before = page.evaluate(LANE_PIXELS, "spo2")
    drawn = page.evaluate(APPEND, ["spo2", 94])
    assert drawn["ms"] < 100
    assert drawn["lanes"] == ["spo2"]
    assert lane_value(page, "spo2") == "94"
    assert page.evaluate(LANE_PIXELS, "spo2") != before


def test_a_reading_appears_within_100_ms_also_after_two_hours_at_one_a_second(open_page: Open) -> None:
    page = open_page("chart").page
    page.evaluate("""() => {
      const start = Date.now() - 7_200_000;
      const rows = Array.from({ length: 7200 }, (_, i) => ["heart_rate", start + i * 1000 + 1, 70 + (i % 9), "accepted", "monitor", ""]);
      const detail = { n: 8000, kind: "readings", session: "S-1042", body: { readings: rows } };
      document.dispatchEvent(new CustomEvent("winddown:announcement", { detail }));
    }""")
    took = [page.evaluate(APPEND.replace("9000", str(9000 + n)), ["heart_rate", 77 + n])["ms"] for n in range(9)]
    assert median(took) < 100


def test_a_reading_that_leaves_the_server_is_on_the_screen_in_under_a_second(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    page.evaluate("document.addEventListener('winddown:announcement', ({ detail }) => { window.took = Date.now() - detail.at; })")
    at = page.evaluate("Date.now()")
    stage.tell("announce", kind="readings", body={"readings": [["spo2", at, 93, "accepted", "monitor", ""]]})
    comes_true(page, "document.querySelector('[data-lane=spo2] [data-value] span').textContent === '93'")
    assert page.evaluate("window.took") < 1000


def test_an_abnormal_value_differs_in_colour_shape_and_words_and_is_spoken(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    page.wait_for_selector("[data-abnormal] li")
    at = page.evaluate("Date.now()")
    stage.tell(
        "announce",
        kind="readings",
        body={"readings": [["systolic", at, 191, "accepted", "monitor", ""], ["diastolic", at, 112, "accepted", "monitor", ""]]},
    )
    page.wait_for_selector('[data-lane="pressure"].wd-level-act')
    assert page.inner_text('[data-lane="pressure"] [data-level]') == "at or above hold limit 180"
    assert page.locator('[data-lane="pressure"] [data-level] .wd-shape-act').count() == 1
    page.wait_for_selector('[data-abnormal] li:first-child:has-text("191/112 mmHg systolic at or above hold limit 180")')
    page.wait_for_selector('[data-announce]:has-text("191/112 mmHg, systolic at or above hold limit 180")', state="attached")


@pytest.mark.parametrize(("label", "counts"), [("implausible", False), ("artefact", False), ("late", True)])
def test_an_implausible_value_never_becomes_the_latest_nor_an_abnormal_one(open_page: Open, stage: Stage, label: str, counts: bool) -> None:
    page = open_page("chart").page
    at = page.evaluate("Date.now()")
    before = page.evaluate(LANE_PIXELS, "pulse")
    page.evaluate(COUNT_TAKEN)
    stage.tell("announce", kind="readings", body={"readings": [["heart_rate", at - 60_500, 180, label, "monitor", ""]]})
    comes_true(page, "window.taken === 1")
    comes_true(page, f"({LANE_PIXELS})('pulse') !== {before!r}")
    assert lane_value(page, "pulse") != "180"
    assert ("heart rate 180" in page.inner_text("[data-abnormal]")) is counts


def test_dragging_the_rate_asks_once_and_draws_a_ghost_but_orders_nothing(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/what-if.json" in request.url else None)
    before = {key: page.evaluate(LANE_PIXELS, key) for key in ("dose", "concentration", "pressure", "feeling")}
    page.evaluate("""() => { const slider = document.querySelector("#what-if-rate");
      for (let rate = 53; rate <= 80; rate += 1) { slider.value = rate; slider.dispatchEvent(new Event("input", { bubbles: true })); } }""")
    comes_true(page, "!document.querySelector('[data-order]').disabled")
    assert len(asked) == 1
    assert asked[0].endswith("rate_ml_per_h=80")
    until(lambda: all(page.evaluate(LANE_PIXELS, key) != before[key] for key in before), "every lane shows the ghost")
    assert "Nothing is ordered." in page.inner_text("[data-what-if]")
    assert "Asks: 80 mL/h is 1.52 times the order" in page.inner_text("[data-findings]")
    assert page.inner_text('[data-what="finish"]') != "–"
    assert stage.posts("/rate-change") == []
    page.keyboard.press("Escape")
    comes_true(page, "document.querySelector('[data-order]').disabled")


def test_dragging_in_the_dose_lane_moves_the_same_slider(open_page: Open) -> None:
    page = open_page("chart").page
    box = page.locator('[data-lane="dose"] .u-over').bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.6)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.9)
    page.mouse.up()
    comes_true(page, "!document.querySelector('[data-order]').disabled")
    assert float(page.input_value("#what-if-rate")) < 20


def test_the_second_gesture_opens_the_rate_change_with_the_rate_filled_in(open_page: Open) -> None:
    page = open_page("chart").page
    page.fill("#what-if-rate", "40")
    comes_true(page, "!document.querySelector('[data-order]').disabled")
    page.click("[data-order]")
    page.wait_for_url("**/rate-change?rate_ml_per_h=40")


def test_arrow_keys_read_any_moment_in_words(open_page: Open) -> None:
    page = open_page("chart").page
    page.focus("[data-lanes]")
    for _ in range(9):
        page.keyboard.press("ArrowLeft")
    said = page.inner_text("[data-announce]")
    assert "held" in said
    assert "171/95 mmHg" in said
    assert "effect site" in said


def test_the_table_tells_what_the_canvas_draws(open_page: Open) -> None:
    page = open_page("chart").page
    page.click("[data-table] summary")
    page.wait_for_selector("[data-table-body] table")
    table = page.inner_text("[data-table-body]")
    for words in ("Ondansetron 4 mg IV", "answered in 0:42", "severe", "implausible, not used", "late"):
        assert words in table


def test_a_new_score_appears_as_a_cell_without_a_reload(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    at = page.evaluate("Date.now()")
    score = {"id": "s99", "scale": "pain", "value": 2, "at": at, "words": "Pain 2: mild", "level": "calm", "late": False}
    stage.tell("announce", kind="event", body={"score": score})
    page.wait_for_selector(".wd-cell[title*='Pain 2: mild']")
    assert page.inner_text("[data-score-last=pain]").startswith("Last: Pain 2: mild")
    assert page.get_attribute('#score-pain [value="2"]', "aria-pressed") == "true"


def test_what_was_heard_while_the_whole_was_asked_for_again_stays(open_page: Open, stage: Stage) -> None:
    """An answer that was made before a score was given comes after it: the score is not taken away again."""
    page = open_page("chart").page
    at = page.evaluate("Date.now()")
    score = {"id": "s98", "scale": "pain", "value": 2, "at": at, "words": "Pain 2: mild", "level": "calm", "late": False}
    stage.tell("announce", kind="event", body={"score": score})
    page.wait_for_selector(".wd-cell[title*='Pain 2: mild']")
    page.evaluate(ASK_FOR_THE_WHOLE)
    assert page.inner_text("[data-score-last=pain]").startswith("Last: Pain 2: mild")
    assert page.locator(".wd-cell[title*='Pain 2: mild']").count() == 1


def test_a_silent_feed_greys_the_chart_and_says_since_when(open_page: Open, stage: Stage) -> None:
    watched = open_page("chart", clock=True)
    stage.tell("network", silent=True)
    watched.page.clock.fast_forward(12_000)
    watched.page.wait_for_selector("#chart.is-stale")
    said = watched.page.inner_text("[data-stale-words]")
    assert said.startswith("Not live since ")
    assert said.endswith("; entries are queued")
    stage.tell("network", silent=False)
    watched.page.wait_for_selector("#chart:not(.is-stale)")
    assert watched.page.is_hidden("[data-stale]")


def test_light_and_dark_can_be_chosen_and_are_remembered(open_page: Open) -> None:
    page = open_page("chart", scheme="light").page
    before = page.evaluate(LANE_PIXELS, "dose")
    page.click("[data-theme-toggle]")
    comes_true(page, f"({LANE_PIXELS})('dose') !== {before!r}")
    page.reload()
    comes_true(page, "document.documentElement.dataset.bsTheme === 'dark'")


def test_two_tabs_share_one_stream(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    streams: list[str] = []
    page.context.on("request", lambda request: streams.append(request.url) if "/live/stream" in request.url else None)
    second = page.context.new_page()
    second.goto(f"{stage.url}/chart")
    second.wait_for_selector('[data-connection="live"]')
    at = page.evaluate("Date.now()")
    stage.tell("announce", kind="readings", body={"readings": [["spo2", at, 92, "accepted", "monitor", ""]]})
    for tab in (page, second):
        comes_true(tab, "document.querySelector('[data-lane=spo2] [data-value] span').textContent === '92'")
    assert streams == []
