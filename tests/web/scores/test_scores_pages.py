"""What staff see of answers: courses with gaps, every item, sending and taking back, and a licensed text that was brought."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories
from tests.factories import visit
from tests.web.people.desk import anyone, queries, signed_in, words_of
from winddown.domain.instruments import instrument_of, licensed_text
from winddown.record.models import Answer, AuditEntry, InstrumentText, Link
from winddown.record.scope import at_practice
from winddown.services import answers, forms, links
from winddown.web.scores import curve, sight

NOW = datetime.now(tz=UTC)
LICENSE = "Licensed to this fictional clinic on 1 March 2026 for clinical use."


@pytest.fixture
def patient(house):
    with at_practice(house.id):
        return factories.patient(house, now=NOW - timedelta(days=200))


def put(house, patient, instrument, items, days_ago):
    at = NOW - timedelta(days=days_ago)
    told = {"version": "1", "language": "en", "answered_at": at, "source": "staff", "by": house.nurse, "now": at}
    with at_practice(house.id):
        return answers.submit(patient=patient, instrument=instrument, items=items, **told)


def lines_of(page: str) -> list[int]:
    """How many points each drawn line joins."""
    return [len(points.split()) for points in re.findall(r'<polyline class="course" points="([^"]*)"', page)]


def test_a_line_breaks_at_an_answer_without_a_score_and_at_a_long_silence(house, patient):
    for days_ago, value in ((100, "7"), (99, "6"), (40, "5"), (39, "5"), (38, ""), (37, "4"), (36, "4")):
        put(house, patient, "pain-nrs", {"average": value} if value else {"worst": "9"}, days_ago)
    page = words_of(signed_in(house, "nurse").get(f"/patients/{patient.ref}/scores/pain-nrs/?days=all"))
    assert lines_of(page) == [2, 2, 2]
    assert page.count('class="point') == 6 + 2
    assert "Not scored: no answer to average." in page


def test_the_line_is_not_drawn_across_an_evening_that_was_asked_and_not_answered():
    told = [curve.Point(NOW - timedelta(days=days), 5.0) for days in (6, 5, 3, 2)]
    missed = [NOW - timedelta(days=4)]
    course = curve.Course(instrument_of("mood"), told, missed=missed, infusions=[NOW - timedelta(days=7)], baseline=5.0)
    drawing = curve.draw(course, since=NOW - timedelta(days=30), until=NOW, language="en")
    assert [len(line.split()) for line in drawing.lines] == [2, 2]
    assert (len(drawing.missed), len(drawing.infusions), len(drawing.points)) == (1, 1, 4)


def test_forms_that_a_course_asked_for_and_nobody_answered_are_named(house):
    with at_practice(house.id):
        person = factories.patient(house, now=NOW - timedelta(days=60))
        factories.order(house, person, now=NOW - timedelta(days=50))
    put(house, person, "phq-9", dict.fromkeys("123456789", "1"), 45)
    page = words_of(signed_in(house, "prescriber").get(f"/patients/{person.ref}/scores/"))
    assert re.search(r"Asked and never answered: .*AUDIT-C", page)
    assert not re.search(r"Asked and never answered: .*PHQ-9", page)


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_history(house, patient):
    put(house, patient, "pain-nrs", {"average": "5"}, 9)
    nurse = signed_in(house, "nurse")
    few = queries(nurse, f"/patients/{patient.ref}/scores/")
    for days_ago in range(1, 9):
        put(house, patient, "pain-nrs", {"average": "5"}, days_ago)
        put(house, patient, "mood", {"mood": "5"}, days_ago)
    assert queries(nurse, f"/patients/{patient.ref}/scores/") == few


def test_every_item_is_there_and_a_red_one_stands_out(house, patient):
    row = put(house, patient, "phq-9", dict.fromkeys("123456789", "0") | {"9": "1"}, 1)
    page = words_of(signed_in(house, "nurse").get(f"/patients/{patient.ref}/answers/{row.ref}/"))
    assert "better off dead" in page
    assert 'class="wd-level-act"' in page


def test_a_nurse_enters_a_form_and_corrects_it_with_a_reason(house, patient):
    nurse, url = signed_in(house, "nurse"), f"/patients/{patient.ref}/forms/enter/gad-7/"
    typed = {f"gad-7.{n}": "2" for n in range(1, 8)}
    kept = nurse.post(url, typed | {"key": "22222222-2222-4222-8222-222222222222"})
    nurse.post(url, typed | {"key": "22222222-2222-4222-8222-222222222222"})
    with at_practice(house.id):
        row = Answer.objects.get(patient=patient)
        assert (row.score, row.source, row.by) == (14, "staff", house.nurse)
    assert kept["Location"].endswith(f"/answers/{row.ref}/")
    correct = f"/patients/{patient.ref}/answers/{row.ref}/correct/"
    assert nurse.post(correct, typed).status_code == 422
    assert nurse.post(correct, typed | {"gad-7.1": "0", "because": "read the wrong line"}).status_code == 302
    assert "This entry was corrected" in words_of(nurse.get(kept["Location"]))


def test_a_wrong_number_typed_by_staff_is_refused_at_its_question_and_the_rest_stays(house, patient):
    page = signed_in(house, "nurse").post(f"/patients/{patient.ref}/forms/enter/pain-vas/", {"pain-vas.average": "170"})
    assert page.status_code == 422
    assert "average: this is no answer to this question." in words_of(page)
    assert 'value="170"' in words_of(page)


def test_a_total_alone_can_be_entered_for_a_licensed_instrument(house, patient):
    signed_in(house, "nurse").post(f"/patients/{patient.ref}/forms/enter/madrs/", {"total": "24"})
    with at_practice(house.id):
        assert Answer.objects.get(patient=patient).score == 24


def test_a_set_is_sent_shown_as_a_square_code_answered_and_seen(house, patient):
    desk = signed_in(house, "front_desk")
    made = desk.post(f"/patients/{patient.ref}/forms/", {"subject": "set:evening", "language": "es"})
    with at_practice(house.id):
        link = Link.objects.get(patient=patient)
    page = words_of(desk.get(made["Location"]))
    assert f"http://localhost{links.path_of(link)}" in page
    assert "<svg" in page
    anyone().post(f"{links.path_of(link)}forms/", {"mood.mood": "3", "version:mood": "1"})
    listed = words_of(desk.get(f"/patients/{patient.ref}/forms/"))
    assert "1 answered" in listed
    assert "Mood, 0 to 10" in listed
    assert "/answers/" not in listed


def test_a_link_taken_back_shows_no_code_and_opens_nothing(house, patient):
    with at_practice(house.id):
        link = forms.send(patient=patient, subject="due", by=house.nurse, now=NOW)
    nurse = signed_in(house, "nurse")
    nurse.post(f"/patients/{patient.ref}/forms/links/{link.ref}/revoke/")
    page = words_of(nurse.get(f"/patients/{patient.ref}/forms/links/{link.ref}/"))
    assert "Taken back" in page
    assert "data-copy-from" not in page
    assert anyone().get(links.path_of(link)).status_code == 404


def filled(key: str, language: str, mark: str) -> bytes:
    """The empty file of an instrument, filled with plainly fictional words."""
    data = json.loads(licensed_text.template(instrument_of(key), language))
    for name, item in data["items"].items():
        item["words"] = f"{mark} {name}"
        item["choices"] = {value: f"{mark} answer {value}" for value in item.get("choices", {})}
    return json.dumps(data, ensure_ascii=False).encode()


def test_a_text_that_was_brought_is_asked_in_its_own_direction_and_says_who_brought_it(house, patient):
    director = signed_in(house, "director")
    file = SimpleUploadedFile("text.json", filled("c-ssrs", "ar", "سؤال خيالي"), content_type="application/json")
    assert director.post("/instruments/c-ssrs/", {"file": file, "license_words": LICENSE}).status_code == 302
    page = words_of(director.get("/instruments/c-ssrs/"))
    assert LICENSE in page
    with at_practice(house.id):
        (row,) = InstrumentText.objects.all()
        assert row.sha256[:16] in page
        assert AuditEntry.objects.filter(act="import instrument text", by=house.director).count() == 1
        link = forms.send(patient=patient, subject="ask:c-ssrs", by=house.nurse, now=NOW, language="ar")
    form = words_of(anyone().get(f"{links.path_of(link)}forms/"))
    assert 'lang="ar" dir="rtl"' in form
    assert "سؤال خيالي 1" in form


def test_a_positive_item_nine_opens_the_questions_on_suicide_when_their_text_is_there(house, patient):
    with at_practice(house.id):
        from winddown.services import instruments

        instruments.bring(filled("c-ssrs", "en", "fictional question"), license_words=LICENSE, by=house.director, now=NOW)
        link = forms.send(patient=patient, subject="ask:phq-9", by=house.nurse, now=NOW)
    path = f"{links.path_of(link)}forms/"
    assert 'data-after="phq-9"' in words_of(anyone().get(path))
    sent = anyone().post(path, dict.fromkeys((f"phq-9.{n}" for n in range(1, 10)), "1") | {"version:phq-9": "1"})
    assert sent["Location"] == path
    page = words_of(anyone().get(path))
    assert "fictional question 1" in page
    assert "data-after" not in page
    anyone().post(path, {"c-ssrs.1": "1", "c-ssrs.2": "0", "c-ssrs.6": "0", "version:c-ssrs": "1"})
    with at_practice(house.id):
        assert Answer.objects.filter(link=link, instrument="c-ssrs").count() == 1


@pytest.mark.parametrize(
    ("file", "license_words", "says"),
    [
        (b"no json", LICENSE, "The file is no JSON"),
        (b"[]", LICENSE, "The file is no table"),
        (filled("madrs", "en", "x").replace(b'"version": "1"', b'"version": "9"'), LICENSE, "this program scores version"),
        (filled("madrs", "en", "x").replace(b'"words": "x 4"', b'"words": ""'), LICENSE, "Item 4 has no words"),
        (filled("madrs", "en", "x").replace(b'"intro"', b'"scoring"'), LICENSE, "Unknown key in the file"),
        (filled("madrs", "english please", "x"), LICENSE, "is no language code"),
        (filled("madrs", "en", "x"), "ours", "The license is not stated"),
        (filled("phq-9", "en", "x"), LICENSE, "ship with the program"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_is_wrong(house, file, license_words, says):
    sent = {"file": SimpleUploadedFile("text.json", file), "license_words": license_words}
    page = signed_in(house, "administrator").post("/instruments/madrs/", sent)
    assert page.status_code == 422
    assert says in words_of(page)
    with at_practice(house.id):
        assert InstrumentText.objects.count() == 0


def test_a_nurse_reads_about_an_instrument_and_brings_no_text(house):
    nurse = signed_in(house, "nurse")
    assert "Bring the licensed text" not in words_of(nurse.get("/instruments/madrs/"))
    sent = {"file": SimpleUploadedFile("text.json", filled("madrs", "en", "x")), "license_words": LICENSE}
    assert nurse.post("/instruments/madrs/", sent).status_code == 403


def test_the_baseline_of_a_diary_is_the_mean_of_the_week_before_the_first_infusion_and_of_a_questionnaire_its_newest(house):
    with at_practice(house.id):
        person = factories.patient(house, now=NOW - timedelta(days=60))
        session = factories.session(house, factories.order(house, person, now=NOW - timedelta(days=30)), start=NOW - timedelta(days=20))
        visit.make_ready(house, session, NOW - timedelta(days=20, minutes=15))
        visit.start(house, session, NOW - timedelta(days=20))
    for days_ago, value in ((40, 2), (26, 8), (25, 8), (24, 7), (20.5, 5), (10, 3)):
        put(house, person, "pain-nrs", {"average": value}, days_ago)
    for days_ago, value in ((50, "2"), (25, "1"), (10, "0")):
        put(house, person, "phq-9", dict.fromkeys("123456789", value), days_ago)
    with at_practice(house.id):
        seen = sight.Sight(person, now=NOW, language="en")
        assert (seen.baseline("pain-nrs").value, seen.baseline("pain-nrs").number) == (7.0, 4)
        assert (seen.baseline("phq-9").value, seen.baseline("phq-9").number) == (9.0, 1)
        assert seen.lines("pain-nrs")[0].moved.points == -4
