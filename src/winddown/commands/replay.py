"""`winddown replay FILE`: plays a whole session from a scenario file and says what rang, and where it differs from what is expected."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from winddown.domain.refusals import Missing

if TYPE_CHECKING:
    from winddown.domain.alarms.evaluate import News
    from winddown.domain.sessions.scenario import Scenario
    from winddown.domain.sessions.scenario_run import Outcome
    from winddown.domain.sessions.story import Event

app = typer.Typer(add_completion=False, no_args_is_help=True)

DIFFERS = 1


@app.command()
def run(
    file: Annotated[Path, typer.Argument(help="A scenario; its format is in scenarios/README.md.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Play a scenario with its own clock and print its story, its alarms and what differs. Needs no record and writes nothing.

    Exits 0 when everything is as the file expects, 1 when something differs or the file is refused.
    """
    from winddown.domain.sessions.scenario import from_json  # slow import
    from winddown.domain.sessions.scenario_run import run as play  # slow import

    scenario = from_json(_text(file))
    outcome = play(scenario)
    told = as_data(scenario, outcome)
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n" if as_json else as_text(told))
    raise typer.Exit(DIFFERS if outcome.failures else 0)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        reason = why.strerror if isinstance(why, OSError) else "it is not text"
        raise Missing(
            because=f"The scenario {file} cannot be read: {reason}.", way_out="Give the path of a scenario file.", code="scenario_missing"
        ) from why


def as_data(scenario: Scenario, outcome: Outcome) -> dict[str, Any]:
    """The run as plain data. Minutes count from the start of the pump."""
    from winddown.domain.sessions.scenario import DEFAULT_START  # slow import

    def minute(at: datetime) -> float:
        return round((at - DEFAULT_START) / timedelta(minutes=1), 2)

    return {
        "name": scenario.name,
        "about": scenario.about,
        "as_expected": not outcome.failures,
        "story": [_event(event, minute(event.happened_at)) for event in scenario.told()],
        "alarms": [_alarm(news, minute(news.at)) for news in outcome.news],
        "readings": dict(sorted(Counter(str(reading.label) for reading in outcome.readings).items())),
        "differences": list(outcome.failures),
    }


def _event(event: Event, minute: float) -> dict[str, Any]:
    late_min = round((event.written_at - event.happened_at) / timedelta(minutes=1), 2)
    return {"at_min": minute, "kind": event.kind, "by": event.by, "data": dict(event.data), "written_after_min": late_min}


def _alarm(news: News, minute: float) -> dict[str, Any]:
    what = type(news).__name__.lower()
    return {
        "at_min": minute,
        "what": what,
        "key": news.key,
        "tier": news.tier,
        "severity": news.severity,
        "because": news.because,
        "do": news.do,
    }


def as_text(told: Mapping[str, Any]) -> str:
    """A page for a person."""
    lines = [told["name"], told["about"], "", "Story"]
    lines += [f"{_minute(each)}  {_words(each['kind'])}{_told(each)}" for each in told["story"]]
    lines += ["", "Alarms"]
    for each in told["alarms"]:
        lines.append(f"{_minute(each)}  {_words(each['key'])} {each['what']}, {each['tier']}, {each['severity']}: {each['because']}")
        lines += [f"{'':>12}  {each['do']}"] if each["do"] and each["what"] != "cleared" else []
    lines += [] if told["alarms"] else ["     none"]
    lines += ["", "Readings: " + (", ".join(f"{count} {_words(label)}" for label, count in told["readings"].items()) or "none"), ""]
    lines += _verdict(told["differences"])
    return "\n".join(lines) + "\n"


def _minute(each: Mapping[str, Any]) -> str:
    return f"{each['at_min']:8.2f} min"


def _words(key: str) -> str:
    return key.replace("_", " ")


def _told(event: Mapping[str, Any]) -> str:
    said = ", ".join(f"{_words(name)} {value}" for name, value in event["data"].items())
    late = f" (written {event['written_after_min']:g} min later)" if event["written_after_min"] else ""
    return (f": {said}" if said else "") + late


def _verdict(differences: Sequence[str]) -> list[str]:
    return ["Differs from what the file expects:", *(f"  {each}" for each in differences)] if differences else ["As the file expects."]
