"""The page of the words that open a task: what is searched for in which language, what each topic asks for, and who has signed it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse

from winddown.domain.suicide_safety import follow
from winddown.domain.suicide_safety.lists import LISTS
from winddown.domain.suicide_safety.topics import HARM, TOPICS
from winddown.web.access import StaffRequest, page
from winddown.web.at_home.present import direction_of
from winddown.web.people.shell import show


@page("task.see")
def words(request: StaffRequest) -> HttpResponse:
    return show(request, "tasks/red_words.html", {"topics": _topics(), "read": _span(follow.READ_WITHIN), "lists": _lists()})


def _span(within: timedelta) -> str:
    minutes = round(within.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def _topics() -> list[dict[str, Any]]:
    """Suicide and self-harm first; then the others as the table has them."""
    harm = {"name": HARM, "urgency": "urgent", "within": _span(follow.CALL_WITHIN), "status": "unverified"}
    others = [
        {"name": each.name, "urgency": each.urgency, "within": _span(each.within), "source": each.source, "status": each.status}
        for each in TOPICS.values()
    ]
    return [harm | {"source": "clinical rules, section 0, item 10, by analogy"}, *others]


def _lists() -> list[dict[str, Any]]:
    """Each list with the sentences that show its phrases, by topic; those that are only read today stand by themselves."""
    names = {"harm": HARM, **{about: each.name for about, each in TOPICS.items()}}
    return [
        {
            "list": each,
            "direction": direction_of(each.language),
            "groups": [
                {"name": name, "like": like}
                for about, name in names.items()
                if (like := [phrase.like for phrase in each.phrases if phrase.about == about and phrase.level == "red"])
            ],
            "read": [phrase.like for phrase in each.phrases if phrase.level == "read"],
        }
        for each in LISTS.values()
    ]
