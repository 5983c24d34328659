"""Entries outlive a network cut, alarms are seen and heard, and a locked screen hides the patient but not the alarm."""

from __future__ import annotations

from contextlib import suppress

import pytest
from front_stage import Open, Stage, comes_true
from playwright.sync_api import Error, expect

pytestmark = pytest.mark.story

COUNT_TONES = """() => {
  window.tones = 0;
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () { window.tones += 1; return make.call(this); };
}"""
ALARM = {
    "id": "a9",
    "severity": "high",
    "words": "Breaths 6 /min, below stop limit 8",
    "next_step": "Stop the pump. Open the airway.",
    "acknowledged_at": None,
    "cleared_at": None,
    "status": "raised",
}


def test_a_score_is_one_tap_and_one_post_with_a_key_and_the_time_it_happened(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    page.click('#score-pain [value="3"]')
    (post,) = stage.sent("/scores", 1)
    assert post["fields"]["scale"] == "pain"
    assert post["fields"]["value"] == "3"
    assert post["fields"]["key"] == post["key"]
    assert post["fields"]["happened_at"].endswith("Z")
    assert post["csrf"] == "token"
    page.wait_for_selector(".wd-message:has-text('Sent and kept: Pain')")


def test_entries_made_without_network_are_kept_through_a_reload_and_sent_once_in_order(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    stage.tell("network", down=True)
    page.click('#score-pain [value="4"]')
    page.wait_for_selector("[data-queue-items] li >> nth=0")
    page.click('#score-nausea [value="2"]')
    page.wait_for_selector("[data-queue-items] li >> nth=1")
    page.reload()
    page.wait_for_selector("[data-queue-items] li >> nth=1")
    assert stage.posts("/scores") == []
    stage.tell("network", down=False)
    with suppress(Error):  # the page may have sent them by itself before the click
        page.click("[data-queue-send]", timeout=1500)
    page.wait_for_selector("[data-queue-list]", state="hidden")
    posts = stage.posts("/scores")
    assert [(post["fields"]["scale"], post["fields"]["value"]) for post in posts] == [("pain", "4"), ("nausea", "2")]
    assert len({post["key"] for post in posts}) == 2


def test_entries_of_another_person_are_neither_sent_nor_shown(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    stage.tell("network", down=True)
    page.click('#score-pain [value="4"]')
    page.wait_for_selector("[data-queue-items] li")
    page.add_init_script("document.addEventListener('DOMContentLoaded', () => { document.body.dataset.user = '8'; })")
    stage.tell("network", down=False)
    page.reload()
    page.wait_for_selector("[data-queue-items] li:has-text('belongs to another person')")
    page.click("[data-queue-send]")
    page.click('#score-nausea [value="1"]')
    stage.sent("/scores", 1)
    assert [post["fields"]["scale"] for post in stage.posts("/scores")] == ["nausea"]
    assert "Pain" not in page.inner_text("[data-queue-list]")


def test_a_bouncing_glove_writes_one_entry(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    page.dblclick('#score-pain [value="5"]')
    stage.sent("/scores", 1)
    page.click('#score-pain [value="6"]')
    stage.sent("/scores", 2)
    fives = {post["key"] for post in stage.posts("/scores") if post["fields"]["value"] == "5"}
    assert len(fives) == 1


def test_a_refused_entry_says_why(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    page.evaluate("document.querySelector('#score-pain [value=\"3\"]').value = '13'")
    page.click('#score-pain [value="13"]')
    page.wait_for_selector(".wd-message.wd-level-act:has-text('Pain is 0 to 10. Choose one of them.')")


def test_a_full_set_is_typed_on_the_pad_with_one_tap_a_digit(open_page: Open, stage: Stage) -> None:
    page = open_page("parts", width=390).page
    for tap in [*"128", "next", *"79", "next", *"88", "next", *"97", "next", *"14", *"36.5"]:
        page.tap(f'.wd-pad-keys [data-key="{tap}"]')
    page.tap(".wd-pad-save")
    (post,) = stage.sent("/set", 1)
    fields = {name: value for name, value in post["fields"].items() if name not in ("key", "happened_at")}
    assert fields == {
        "systolic": "128",
        "diastolic": "79",
        "pulse_rate": "88",
        "spo2": "97",
        "respiratory_rate": "14",
        "temperature": "36.5",
    }


@pytest.mark.parametrize("name", ["chart", "parts"])
def test_every_target_for_a_glove_is_at_least_48_pixels_high(open_page: Open, name: str) -> None:
    page = open_page(name, width=390).page
    targets = "[...document.querySelectorAll('.wd-key, .wd-score-button, .wd-pad-save')]"
    low = page.evaluate(f"{targets}.filter((key) => key.getBoundingClientRect().height < 48).length")
    assert low == 0


def test_typing_survives_a_reload_but_a_pin_is_never_kept(open_page: Open) -> None:
    page = open_page("parts").page
    page.fill("#id_because", "Patient asked to go slower")
    page.fill("#two-pin", "4711") if page.is_visible("#two-pin") else None
    comes_true(page, "Object.entries(localStorage).some(([key, kept]) => key.includes('draft') && kept.includes('asked to go slower'))")
    page.reload()
    comes_true(page, "document.querySelector('#id_because').value === 'Patient asked to go slower'")
    assert "4711" not in page.evaluate("JSON.stringify(localStorage)")


def test_an_alarm_shows_words_and_what_to_do_sounds_and_is_acknowledged(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    page.evaluate(COUNT_TONES)
    page.click("[data-mute]")
    page.wait_for_selector("[data-sound]:not(.is-muted)")
    at = page.evaluate("Date.now()")
    page.evaluate("window.tones = 0")
    stage.tell("announce", kind="alarm", body={**ALARM, "raised_at": at})
    page.wait_for_selector('[data-alarm="a9"]')
    text = page.inner_text('[data-alarm="a9"]')
    for words in ("High alarm Chair 3", ALARM["words"], ALARM["next_step"], "Second display: watch the patient and the monitor."):
        assert str(words) in text
    comes_true(page, "window.tones > 0")
    page.click('[data-alarm="a9"] button')
    stage.sent("/alarms/a9/acknowledge", 1)
    stage.tell("announce", kind="alarm", body={**ALARM, "raised_at": at, "acknowledged_at": at + 3000, "acknowledged_by": "M. Okafor"})
    page.wait_for_selector('[data-alarm="a9"] [data-alarm-acknowledged]:has-text("Acknowledged by M. Okafor")')
    stage.tell("announce", kind="alarm", body={**ALARM, "raised_at": at, "cleared_at": at + 9000, "status": "cleared"})
    page.wait_for_selector('[data-alarm="a9"]', state="detached")


def test_an_alarm_that_is_over_before_anybody_saw_it_stays_until_somebody_does(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    at = page.evaluate("Date.now()")
    stage.tell("announce", kind="alarm", body={**ALARM, "raised_at": at})
    page.wait_for_selector('[data-alarm="a9"]')
    stage.tell("announce", kind="alarm", body={**ALARM, "raised_at": at, "cleared_at": at + 9000, "status": "cleared_unacknowledged"})
    page.wait_for_selector('[data-alarm="a9"][data-over] [data-alarm-over]:has-text("Nobody has acknowledged it")')
    stage.tell("announce", kind="alarm", body={**ALARM, "raised_at": at, "cleared_at": at + 9000, "status": "cleared"})
    page.wait_for_selector('[data-alarm="a9"]', state="detached")


def test_many_alarms_leave_the_acts_of_the_chart_in_sight(open_page: Open, stage: Stage) -> None:
    page = open_page("chart", width=1280).page
    at = page.evaluate("Date.now()")
    for number in range(9):
        stage.tell("announce", kind="alarm", body={**ALARM, "id": f"many{number}", "raised_at": at})
    page.wait_for_selector('[data-alarm="many8"]')
    comes_true(
        page,
        "document.querySelector('[data-alarm-count]').innerText === `${document.querySelectorAll('[data-alarm]').length} alarms to answer`",
    )
    assert page.locator("#main").bounding_box()["y"] < page.viewport_size["height"] * 0.65


def test_a_mute_is_seen_and_reported_and_the_test_tone_asks_whether_it_was_heard(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    page.click("[data-mute]")
    page.wait_for_selector("[data-sound]:not(.is-muted)")
    page.click("[data-mute]")
    comes_true(page, "document.querySelector('[data-mute-words]').innerText.startsWith('Muted until ')")
    (mute,) = stage.sent("/alarms/mute", 1)
    assert mute["fields"]["muted"] == "true"
    page.click("[data-test-tone]")
    page.click('[data-heard="yes"]')
    (tone,) = stage.sent("/alarms/test-tone", 1)
    assert tone["fields"]["heard"] == "true"
    assert tone["fields"]["played"] == "true"


def test_the_screen_tells_every_ten_seconds_that_it_is_awake_and_how_long_it_slept(open_page: Open, stage: Stage) -> None:
    page = open_page("chart", clock=True).page
    stage.sent("/alarms/heartbeat", 1)
    page.clock.run_for(20_500)
    beats = stage.sent("/alarms/heartbeat", 3)
    assert beats[0]["fields"]["visible"] == "true"
    page.clock.fast_forward(120_000)
    late = stage.sent("/alarms/heartbeat", 4)[3]
    assert int(late["fields"]["slept_ms"]) >= 100_000


def test_a_locked_screen_hides_the_patient_but_shows_the_alarm_and_goes_on_listening(open_page: Open, stage: Stage) -> None:
    page = open_page("chart").page
    page.click("[data-lock-now]")
    page.wait_for_selector("#lock[open]")
    assert page.is_hidden("#main")
    assert page.is_hidden(".wd-strip-name")
    page.wait_for_selector("[data-lock-alarms]:has-text('High alarm Chair 3')")
    assert "Example" not in page.inner_text("#lock")
    stage.tell("announce", kind="readings", body={"readings": [["spo2", page.evaluate("Date.now()"), 95, "accepted", "monitor", ""]]})
    comes_true(page, "document.querySelector('[data-lane=spo2] [data-value] span').textContent === '95'")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.is_visible("#lock")
    page.fill("#lock-secret", "0000")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-lock-error]:has-text('not accepted')")
    page.fill("#lock-secret", "1234")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lock:not([open])", state="attached")
    page.wait_for_selector(".wd-strip-name")
    assert len(stage.posts("/lock/now/")) == 1


def test_an_idle_screen_locks_itself_and_a_touched_one_does_not(open_page: Open, stage: Stage) -> None:
    stage.tell("lock-after", s=120)
    page = open_page("chart", clock=True).page
    page.clock.fast_forward(100_000)
    page.mouse.move(300, 300)
    page.clock.fast_forward(100_000)
    assert page.is_hidden("#lock")
    page.clock.fast_forward(130_000)
    page.wait_for_selector("#lock[open]")


def test_minutes_to_a_duty_turn_amber_after_two_minutes_and_red_after_five(open_page: Open) -> None:
    page = open_page("chart", clock=True).page
    first = page.locator("#duties time").first
    expect(first).to_have_text("2 min late")
    expect(first).to_have_attribute("data-due-level", "watch")
    page.clock.fast_forward(180_000)
    comes_true(page, "document.querySelector('#duties time').dataset.dueLevel === 'act'")


def test_a_value_turns_stale_by_itself_and_says_so(open_page: Open) -> None:
    page = open_page("parts", clock=True).page
    tile = page.locator('.wd-tile[data-kind="pressure"]')
    expect(tile).to_contain_text("2 min ago, monitor chair 3", use_inner_text=True)
    page.clock.fast_forward(540_000)
    page.wait_for_selector('.wd-tile.is-stale[data-kind="pressure"]')
    expect(tile).to_contain_text("old, take it again", use_inner_text=True)
