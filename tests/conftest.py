"""Long files first: two workers then end together, and none is left alone with a minute of work at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

# A machine busy with something else is no finding about a generated case.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parent
# Seconds on one quiet core, of every file that takes more than about ten. Only the order matters, so a stale figure costs little.
SECONDS = {
    "web/test_every_url.py": 63,
    "stories/test_nurse_chart.py": 60,
    "web/papers/test_printed_papers.py": 40,
    "web/sessions/test_acts.py": 40,
    "web/front/test_accessible.py": 38,
    "web/sessions/test_page.py": 36,
    "web/front/test_chart.py": 35,
    "stories/test_lost_network.py": 33,
    "devices/test_kill.py": 32,
    "stories/test_pinprick_story.py": 28,
    "web/front/test_entries.py": 26,
    "config/test_command_line.py": 25,
    "web/gates/test_start_gate.py": 25,
    "web/gates/test_recovery.py": 22,
    "stories/test_red_answer.py": 21,
    "config/test_postgres.py": 20,
    "commands/test_verify.py": 19,
    "stories/test_directors_question.py": 19,
    "stories/test_own_pages_story.py": 18,
    "config/test_supervisor.py": 16,
    "web/live/test_live_stream.py": 16,
    "web/sessions/test_story_and_corrections.py": 16,
    "stories/test_board_live.py": 16,
    "stories/test_diary_at_home.py": 16,
    "commands/test_trial_command.py": 15,
    "config/test_web_worker.py": 15,
    "stories/test_patient_form.py": 15,
    "web/board/test_board.py": 14,
    "web/orders/test_writing_an_order.py": 14,
    "services/test_learning_at_the_chair.py": 14,
    "services/test_clock_is_scored.py": 13,
    "stories/test_screening_story.py": 13,
    "web/library/test_library_pages.py": 12,
    "devices/test_watch.py": 12,
    "config/test_backup.py": 12,
    "stories/test_prescriber_order.py": 12,
    "services/test_visit.py": 11,
    "stories/test_front_desk_calendar.py": 11,
}


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Every story opens a browser and waits for it, so stories start early; the rest follow as they were found."""
    items.sort(key=lambda item: -_seconds(item.path))


def _seconds(path: Path) -> float:
    known = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""
    return SECONDS.get(known, 8 if known.startswith("stories/") else 1)
