"""The program's figures from rows to pages: what a rebuild keeps, what it mends, and what a page may cost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from tests import factories
from tests.factories.home import infused
from tests.web.people.desk import queries, signed_in, words_of
from winddown.commands.fiction import year
from winddown.domain.outcomes import casemix
from winddown.domain.refusals import NotAllowed
from winddown.record.models import Answer, AuditEntry, FollowedSeries, Location, ProgrammeRebuild, RebuildRun, Session, Staff
from winddown.record.queries import outcomes
from winddown.record.scope import at_practice
from winddown.services import answers, diary, orders, people, programme, rebuilds
from winddown.web.programme import words

NOW = datetime.now(tz=UTC)
PAGES = ("outcomes/", "compare/", "dose/", "events/", "events/visits/", "places/", "people/?response=yes")


@pytest.fixture(scope="module")
def told(urls):
    """A fictional year, once for all tests of this file."""
    house = factories.house(urls, chairs=4)
    with at_practice(house.id):
        people.open_location(name="Fargo", time_zone="America/Chicago", now=NOW, chairs=["Chair 1", "Chair 2", "Chair 3"])
        orders.adopt_packaged(by=house.director, now=NOW)
        who = (house.prescriber, house.prescriber_2, house.director)
        year.tell({place.name: place for place in Location.objects.all()}, nurse=house.nurse, prescribers=who, now=NOW)
    return house


def test_every_series_is_in_one_part_of_its_bar_and_nobody_is_left_out(told):
    with at_practice(told.id):
        figures = outcomes.newest_rebuild().figures["pain"]
        rows = FollowedSeries.objects.filter(programme="pain", standing=True)
        for row in figures["splits"]["protocol"]:
            parts = row["response"]["of"] + row["waiting"] + sum(row["unknown"].values())
            assert parts == row["series"] == rows.filter(protocol__key=row["key"]).count()
        assert figures["all"]["series"] == rows.count() >= 144
        assert figures["all"]["lost"] == rows.filter(ending="lost").count() > 0


def test_a_second_rebuild_changes_rows_and_makes_none_twice(told):
    with at_practice(told.id):
        before, figures = FollowedSeries.objects.count(), outcomes.newest_rebuild().figures
        programme.rebuild(as_of=NOW, now=NOW)
        again = outcomes.newest_rebuild()
        assert FollowedSeries.objects.count() == before
        assert (again.figures, again.definitions["pain"]) == (figures, "pain/1")


def test_a_pump_that_ran_in_an_abandoned_visit_is_counted_and_does_not_end_the_night(house):
    with at_practice(house.id):
        patient = infused(house, NOW - timedelta(days=9))
        Session.objects.filter(patient=patient).update(status="abandoned")
        link = diary.link_for(patient, now=NOW)
        fields = {"instrument": "pain-nrs", "version": "1", "items": {"average": 6}, "language": "en", "source": "patient", "link": link}
        answers.submit(patient=patient, **fields, answered_at=NOW - timedelta(days=2), now=NOW)
        programme.rebuild(as_of=NOW, now=NOW)
        assert [row.infusions for row in FollowedSeries.objects.filter(programme="pain", patient=patient)] == [1]


def test_an_answer_that_shows_the_loss_moves_a_series_at_the_next_rebuild(told):
    with at_practice(told.id):
        row = FollowedSeries.objects.filter(programme="pain", ending="open", response="yes").first()
        for days in (0.3, 0.1):
            fields = {"instrument": "pain-nrs", "version": "1", "items": {"average": 10}, "language": "en", "source": "staff"}
            at = NOW - timedelta(days=days)
            answers.submit(patient=row.patient, **fields, answered_at=at, by=told.nurse, now=NOW)
        programme.rebuild(as_of=NOW, now=NOW, by=told.director)
        assert FollowedSeries.objects.get(pk=row.pk).ending == "relapse"
        programme.rebuild(as_of=NOW - timedelta(days=1), now=NOW)
        assert FollowedSeries.objects.get(pk=row.pk).ending == "open"
        assert Answer.objects.filter(patient=row.patient).count() > 10


def test_only_the_director_rebuilds(told):
    with at_practice(told.id), pytest.raises(NotAllowed):
        programme.rebuild(as_of=NOW, now=NOW, by=told.nurse)


def test_the_list_behind_a_bar_has_as_many_as_the_bar_and_looking_is_written_down(told):
    director = signed_in(told, "director")
    with at_practice(told.id):
        row = outcomes.newest_rebuild().figures["pain"]["splits"]["protocol"][0]
    listed = words_of(director.get(f"/programme/people/?of=pain&protocol={row['key']}&response=yes"))
    assert f"{row['responded']} series" in listed
    assert listed.count("/patients/") >= row["responded"]
    with at_practice(told.id):
        assert AuditEntry.objects.filter(act="see list of outcomes").exists()


def test_below_the_morning_stands_what_the_night_counted_and_each_part_leads_to_its_list(told):
    director = signed_in(told, "director")
    with at_practice(told.id):
        share = outcomes.newest_rebuild().figures["pain"]["all"]["response"]
    page = words_of(director.get("/programme/"))
    assert f"<b>{100 * share['value']:.0f} %</b> responded (" in page
    part = next(each for each in re.findall(r'href="(/programme/people/[?][^"]+)"', page) if "response=yes" in each)
    assert f"{share['count']} series" in words_of(director.get(part.replace("&amp;", "&")))


def test_a_page_of_figures_costs_no_more_with_a_year_than_with_nothing(told, urls):
    empty = factories.house(urls)
    with at_practice(empty.id):
        orders.adopt_packaged(by=empty.director, now=NOW)
        programme.rebuild(as_of=NOW, now=NOW)
        assert ProgrammeRebuild.objects.get().figures["pain"]["all"]["series"] == 0
    for path in PAGES:
        assert queries(signed_in(told, "director"), f"/programme/{path}") <= queries(signed_in(empty, "director"), f"/programme/{path}") + 2


def test_counts_for_outside_hide_the_small_ones(told):
    sheet = signed_in(told, "director").get("/programme/outcomes/file/?of=pain&by=protocol").content.decode()
    lines = [line.split(",") for line in sheet.strip().splitlines()][1:]
    counts = [cell for line in lines for cell in line[-6:-2]]
    assert "hidden" in counts
    assert all(cell == "hidden" or int(cell) == 0 or int(cell) >= 11 for cell in counts)


def test_two_protocols_are_compared_with_an_interval_and_with_what_may_be_said(told):
    page = words_of(signed_in(told, "director").get("/programme/compare/?of=pain&among=crps"))
    assert "the interval includes no difference" in page
    assert "95% interval" in page
    assert "log-rank" in page


def test_one_rebuild_at_a_time_and_its_end_is_said_on_the_page(house):
    director = signed_in(house, "director")
    assert director.post("/programme/outcomes/rebuild/").status_code == 302
    assert "It waits for its turn" in words_of(director.get("/programme/outcomes/"))
    assert "rebuilt already" in words_of(director.post("/programme/outcomes/rebuild/", follow=True))
    with at_practice(house.id):
        run = RebuildRun.objects.get()
        assert rebuilds.waiting() == [run.pk]
    rebuilds.carry_out(house.id, run.pk)
    with at_practice(house.id):
        run.refresh_from_db()
        assert (run.state, run.done, run.of, outcomes.newest_rebuild().by) == ("ready", 4, 4, house.director)
    part = words_of(director.get("/programme/outcomes/rebuild/now/"))
    assert "ended" in part
    assert "hx-get" not in part
    rebuilds.carry_out(house.id, run.pk)
    with at_practice(house.id):
        assert ProgrammeRebuild.objects.count() == 1


def test_a_rebuild_that_failed_says_so_and_is_in_nobodys_way(house):
    with at_practice(house.id):
        rebuilds.ask(by=house.director, now=NOW - timedelta(minutes=11))
        run = rebuilds.ask(by=house.director, now=NOW)
        assert list(RebuildRun.objects.order_by("id").values_list("state", flat=True)) == ["failed", "asked"]
        Staff.objects.filter(pk=house.director.pk).update(roles=["nurse"])
    rebuilds.carry_out(house.id, run.pk)
    with at_practice(house.id):
        Staff.objects.filter(pk=house.director.pk).update(roles=["director"])
        run.refresh_from_db()
        assert (run.state, outcomes.newest_rebuild()) == ("failed", None)
        assert run.words
    assert "The rebuild failed" in words_of(signed_in(house, "director").get("/programme/outcomes/"))


def test_why_nothing_is_compared_is_said_with_value_limit_and_way_out_in_the_readers_language():
    told = casemix.compare([], []).why_not
    few = {"code": "too_few_outcomes", "rarer": "7", "terms": "4", "least": "20"}
    assert told["code"] == "no_overlap"
    for language, way_out in (("en", "Look at the counted figures"), ("es", "cifras")):
        with translation.override(language):
            assert all(part in words.why_not(few) for part in ("7", "4", "20", way_out))
            assert way_out in words.why_not(told)
            assert words.why_not("too_few_outcomes") != "too_few_outcomes"
