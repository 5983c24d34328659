"""What a message says, and what it never says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from winddown.domain.messages import tries
from winddown.domain.messages.kinds import KINDS, kind_of, write
from winddown.domain.refusals import Missing, UnknownWord

# What nobody may learn from a locked screen: the drug, the body, the mind, the treatment, a number of a scale.
CLINICAL = re.compile(
    r"ketamin|infus|dose|dosis|drug|droga|medic|pain|dolor|mood|ánimo|depress|depres|suicid|score|puntua|treat|tratam|therap|terap|"
    r"patient|paciente|nurse|enfermer|doctor|psych|psiq|discharge|alta\b|recover|recuper|sedat|blood|sangre|sleep|sue[nñ]o|symptom|síntoma",
    re.IGNORECASE,
)
VALUES = {"clinic": "North Shore", "place": "5 Pier Road", "when": "3:15 p.m.", "until": "4:15 p.m.", "phone": "+1 419 555 0100"}


def _values(kind):
    return {name: VALUES[name] for name in kind.needs - {"link", "stop"}}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_no_message_says_anything_clinical_in_any_language(kind):
    for language in ("en", "es"):
        for channel in ("email", "sms"):
            letter = write(kind, _values(kind), language=language, channel=channel)
            assert not CLINICAL.search(letter.title + " " + letter.words)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_every_language_of_a_message_has_the_same_blanks(kind):
    for texts in (kind.title, kind.words):
        assert set(texts) == {"en", "es"}
        blanks = [sorted(name for _text, name, _spec, _conversion in Formatter().parse(text) if name) for text in texts.values()]
        assert blanks[0] == blanks[1]


def test_a_reminder_carries_its_way_to_stop_and_a_link_that_was_asked_for_does_not():
    assert "{stop}" in write(kind_of("diary"), {"clinic": "North Shore"}, language="en", channel="sms").words
    assert "{stop}" not in write(kind_of("sign_in"), {"clinic": "North Shore"}, language="en", channel="sms").words


def test_a_value_is_never_a_pattern_and_never_a_second_header():
    letter = write(kind_of("diary"), {"clinic": "Shore\r\nBcc: x@example.org {stop} {0}"}, language="en", channel="email")
    assert letter.title == "Shore Bcc: x@example.org (stop) (0): your short questions"
    assert letter.words.count("{stop}") == 1


def test_a_missing_value_and_one_too_many_are_refused_by_name():
    with pytest.raises(Missing, match="when"):
        write(kind_of("visit_booked"), {"clinic": "North Shore", "place": "Pier"}, language="en", channel="sms")
    with pytest.raises(UnknownWord, match="score"):
        write(kind_of("diary"), {"clinic": "North Shore", "score": "7"}, language="en", channel="sms")


def test_an_unknown_language_is_written_in_english_and_a_region_in_its_language():
    assert write(kind_of("diary"), {"clinic": "N"}, language="ar", channel="sms").language == "en"
    assert write(kind_of("diary"), {"clinic": "N"}, language="es-MX", channel="sms").language == "es"


def test_pauses_grow_to_an_hour_and_end_with_the_message():
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    far = at + timedelta(days=2)
    pauses = [tries.next_try(n, at=at, until=far) for n in range(1, 13)]
    assert [round((each - at).total_seconds() / 60) for each in pauses if each] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert pauses[-1] is None
    assert tries.next_try(1, at=at, until=at + timedelta(seconds=60)) is None


@pytest.mark.parametrize(
    ("there", "leaves"),
    [
        ("2026-11-22 20:59", "2026-11-22 20:59"),
        ("2026-11-22 21:00", "2026-11-23 08:00"),
        ("2026-11-23 07:59", "2026-11-23 08:00"),
        ("2026-11-23 08:00", "2026-11-23 08:00"),
        ("2026-03-08 01:30", "2026-03-08 08:00"),
        ("2026-11-01 01:30", "2026-11-01 08:00"),
    ],
)
def test_a_message_of_the_night_waits_for_eight_in_the_morning_there(there, leaves):
    zone = ZoneInfo("America/New_York")
    at = datetime.fromisoformat(there).replace(tzinfo=zone).astimezone(UTC)
    wanted = datetime.fromisoformat(leaves).replace(tzinfo=zone).astimezone(UTC)
    assert tries.by_day(at, "America/New_York") == wanted
