"""The page of a visit that is over: curves of its own minutes, when the patient left, and nothing that is still due."""

from __future__ import annotations

import itertools
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format

from tests.web.people.desk import words_of
from winddown.record.models import Session
from winddown.record.scope import at_practice
from winddown.services import discharge, infusion
from winddown.web.sessions.chart import chart_data
from winddown.web.sessions.sight import AFTERWARDS, Sight


def test_a_visit_of_last_year_says_when_the_patient_left_and_no_duty_is_late(running):
    at_the_chair = words_of(running.get())
    assert "data-elapsed" in at_the_chair.split("data-strip")[1].split("</section>")[0] and "data-due" in at_the_chair
    left = timezone.now() - timedelta(days=400)
    with at_practice(running.session.practice_id):
        Session.objects.filter(pk=running.session.pk).update(status="discharged", status_at=left, version=running.session.version + 1)
    page = words_of(running.get())
    strip = page.split("data-strip")[1].split("</section>")[0]
    assert "data-elapsed" not in strip and "data-due" not in strip
    assert date_format(timezone.localtime(left), "DATE_FORMAT") in strip
    assert "data-due" not in page


def test_the_levels_of_a_visit_of_last_year_are_drawn_by_the_minute(running):
    """They were drawn from its start to now, by the day, and joined by straight lines."""
    now = timezone.now() + timedelta(days=400)
    with at_practice(running.session.practice_id):
        Session.objects.filter(pk=running.session.pk).update(status="discharged", status_at=now, version=running.session.version + 1)
        session = Session.objects.get(pk=running.session.pk)
        later = chart_data(session, now=now)["forecast"]
    assert later["times"][-1] - later["times"][0] < 12 * 3_600_000
    assert max(after - before for before, after in itertools.pairwise(later["times"])) <= 120_000
    assert later["clock"] is not None


def test_a_level_that_is_low_already_is_told_so_and_not_by_the_time_of_looking(running):
    during = running.get("chart.json").json()["forecast"]["clock"]
    assert (during["median_already"], during["ninety_already"]) == (False, False)
    now = timezone.now() + timedelta(hours=9)
    with at_practice(running.session.practice_id):
        infusion.finish(running.session, "infusion_completed", by=running.house.nurse, now=timezone.now())
        after = chart_data(Session.objects.get(pk=running.session.pk), now=now)["forecast"]["clock"]
    assert (after["median_already"], after["ninety_already"]) == (True, True)


def test_a_visit_that_is_over_is_judged_at_its_end(running):
    now, later = timezone.now(), timezone.now() + timedelta(days=400)
    with at_practice(running.session.practice_id):
        infusion.finish(running.session, "infusion_completed", by=running.house.nurse, now=now)
        assert Sight.of(running.session, later).at_its_end().now == later
        Session.objects.filter(pk=running.session.pk).update(status="discharged", status_at=now, version=running.session.version + 2)
        sight = Sight.of(Session.objects.get(pk=running.session.pk), later).at_its_end()
        stay = next(line for line in discharge.lines(sight.session, now=sight.now, events=sight.every) if "since the end" in line.sentence)
    assert sight.now == now + AFTERWARDS
    assert stay.sentence.startswith("5 min since the end of the infusion")
