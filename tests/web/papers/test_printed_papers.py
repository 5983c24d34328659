"""What is printed, read back from the PDF and held against the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.factories import visit
from winddown.domain.dosing.order import OrderRequest, draft_order
from winddown.domain.dosing.protocol import Protocol
from winddown.record.models import AuditEntry, Session
from winddown.record.scope import at_practice
from winddown.services import bags, bedside, patients, picture
from winddown.web.papers import downtime_data, drawing
from winddown.web.sessions.chart import chart_data

HERE = ZoneInfo("America/New_York")


def test_the_record_is_one_page_and_says_what_the_record_says(house, press, finished):
    paper = press.paper(f"/sessions/{finished.ref}/record.pdf")
    with at_practice(house.id):
        dose = picture.dose_of(Session.objects.get(pk=finished.pk), now=datetime.now(tz=UTC))
    assert len(paper.pages) == 1
    for words in (
        finished.patient.name,
        finished.patient.record_number,
        f"{dose.programmed_mg.normalize()} mg, 0.5 mg/kg",
        f"{dose.started_at.astimezone(HERE):%H:%M} – {dose.ended_at.astimezone(HERE):%H:%M}",
        "Held: patient asks",
        "164/91, P 82, SpO₂ 97, R 14, MOAA/S 4, CADSS 8",
        "Systolic pressure high: 164 mmHg, limit 160",
        "Pump read back: Fictional Nurse + Fictional Nurse 2",
        "Criteria recorded. A nurse judges the patient and signs.",
        "Drawn 100 mg, accounted for 100 mg",
        "The arithmetic agrees; it does not prove what was in the syringe.",
        "calibrated on simulated patients only",
        "Winddown advises and records; it never commands a pump.",
        "by Fictional Nurse",
        "Page 1 of 1",
    ):
        assert words in paper.text, words
    assert " safe" not in paper.text.lower()


def test_what_a_person_typed_is_printed_and_never_run(press, finished):
    assert '#panic("ran") <b>2 < 3</b> & "quoted" $x^2$ \\ @ref' in press.paper(f"/sessions/{finished.ref}/record.pdf").text


def test_a_story_too_long_for_a_page_goes_on_overleaf_and_loses_nothing(house, press, finished):
    with at_practice(house.id):
        for number in range(150):
            words = {"words": f"a long afternoon, note number {number:03d}"}
            at = finished.planned.lower + timedelta(minutes=20, seconds=number)
            bedside.record(finished, "note_written", words, by=house.nurse, now=at)
    paper = press.paper(f"/sessions/{finished.ref}/record.pdf")
    assert len(paper.pages) > 1
    assert [number for number in range(150) if f"note number {number:03d}" not in paper.text] == []
    assert f"Page 2 of {len(paper.pages)}" in paper.pages[1]


def test_every_paper_is_quick_dated_and_leaves_its_line_in_the_audit_trail(house, press, finished):
    bag = _bag(house, finished)
    papers = {
        f"/sessions/{finished.ref}/record.pdf": "print record",
        f"/sessions/{finished.ref}/downtime.pdf": "print downtime pack",
        f"/sessions/{finished.ref}/ambulance.pdf": "print ambulance page",
        f"/sessions/{finished.ref}/going-home.pdf?language=es": "print going-home sheet es",
        f"/bags/{bag.ref}/label.pdf": "print label",
    }
    press.paper(f"/sessions/{finished.ref}/record.pdf")
    for path, act in papers.items():
        began = perf_counter()
        paper = press.paper(path)
        assert perf_counter() - began < 5
        assert paper.reader.metadata["/CreationDate"].startswith(f"D:{datetime.now(tz=UTC):%Y}")
        assert "/StructTreeRoot" in paper.reader.trailer["/Root"]
        with at_practice(house.id):
            assert AuditEntry.objects.filter(act=act, by=house.nurse, patient=finished.patient).count() >= 1


def _bag(house, session):
    with at_practice(house.id):
        return Session.objects.get(pk=session.pk).bags.get()


def test_the_label_fits_its_label_and_says_what_was_made(house, press, finished):
    bag = _bag(house, finished)
    paper = press.paper(f"/bags/{bag.ref}/label.pdf")
    width, height = (float(paper.reader.pages[0].mediabox.width), float(paper.reader.pages[0].mediabox.height))
    assert (len(paper.pages), width, height) == (1, 288, 216)
    for words in ("ketamine 100 mg", "100 mL", "1 mg/mL", "Line 2 mL, primed with drug", finished.patient.name, str(bag.ref), "Never mix"):
        assert words in paper.text, words
    assert f"Use by {bag.use_by.astimezone(HERE):%-d %b %Y %H:%M}" in paper.text
    page = press.get(f"/bags/{bag.ref}/label/").content.decode()
    assert (str(bag.ref) in page, "<svg" in page, "made by" not in page) == (True, True, True)


def test_the_hand_over_page_carries_dose_times_vitals_and_whom_to_ask(house, press):
    now = datetime.now(tz=UTC)
    at = now - timedelta(minutes=25)
    with at_practice(house.id):
        session = factories.session(house, start=at, now=at - timedelta(hours=1))
        patients.learn(session.patient, "allergy", {"substance": "latex"}, by=house.nurse, observed_at=at, now=at)
        visit.make_ready(house, session, at - timedelta(minutes=10))
        visit.start(house, session, at)
        told = {"systolic": "188", "diastolic": "104", "pulse_rate": "121", "spo2": "91"}
        bedside.observe(session, told, {}, by=house.nurse, now=now - timedelta(minutes=3))
        bedside.record(session, "oxygen_set", {"device": "mask", "flow_l_per_min": "6"}, by=house.nurse, now=now - timedelta(minutes=2))
    paper = press.paper(f"/sessions/{session.ref}/ambulance.pdf")
    assert len(paper.pages) == 1
    for words in ("latex", "188/104 121 91", "Oxygen mask 6 L/min", "Fictional Escort, 555-0100", "124/78 mmHg, pulse 72", "Page 1 of 1"):
        assert words in paper.text, words
    assert "pumped 21" in paper.text
    assert "running at 52.5 mL/h" in paper.text


def test_the_downtime_pack_counts_the_same_milligrams_as_the_order(house, press):
    """35 mg over 40 minutes at 1 mg/mL: 52.5 mL/h, 17.5 mg at minute 20, and a set every 5 minutes at first."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        session = factories.session(house, start=now + timedelta(hours=1), now=now)
    paper = press.paper(f"/sessions/{session.ref}/downtime.pdf")
    assert len(paper.pages) == 2
    for words in (
        "1 0 – 40 52.5 52.5 0.75 35 35 0.5",
        "20 52.5 17.5 17.5",
        "40 0 35 35",
        "911",
        "Systolic pressure high ≥ 160, or +30 % ≥ 180",
    ):
        assert words in paper.pages[0], words
    assert "Systolic pressure high ≥ 160, or +30 % ≥ 180" in paper.pages[0]
    start = (now + timedelta(hours=1)).astimezone(HERE)
    due = [5, 10, 15, 25, 35]
    assert [minute for minute in due if f"{minute} {start + timedelta(minutes=minute):%H:%M}" not in paper.pages[1]] == []


def test_a_titration_is_told_step_by_step_and_every_ten_minutes_agree_with_the_hand_worked_sums(house):
    """10 mg/h for an hour, then 20 mg/h for an hour, at 1 mg/mL: 10 mg at minute 60, 20 mg at 90, 30 mg at the end."""
    entered = {"session_number": "1", "weight_kg": "70", "bag_mg": "100", "bag_ml": "100", "height_cm": "172", "sex": "female"}
    entered |= {"basis": "actual", "phases": [{"amount": "10 mg/h", "minutes": "60"}, {"amount": "20 mg/h", "minutes": "60"}]}
    with at_practice(house.id):
        protocol = Protocol.from_data(factories.protocol(house, "crps-outpatient-4h").data)
        phases = draft_order(OrderRequest.from_data(entered), protocol).phases
    steps = downtime_data.steps(phases, Decimal(70))
    assert [(step[1], step[2], step[5], step[6]) for step in steps] == [("0 – 60", "10", "10", "10"), ("60 – 120", "20", "20", "30")]
    table = {row[0]: row[1:] for row in downtime_data.by_minute(phases)}
    assert (table["60"], table["90"], table["120"]) == (["20", "10", "10"], ["20", "20", "20"], ["0", "30", "30"])
    assert len(table) <= 25


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("No driving, no machines and no signing of papers until the next day", "Call or text 988", "Nobody watches you")),
        ("es", ("No conduzca, no use máquinas y no firme documentos", "Llame al 988 y oprima 2", "Nadie le vigila")),
    ],
)
def test_the_patient_takes_home_one_page_in_their_language(press, finished, language, words):
    paper = press.paper(f"/sessions/{finished.ref}/going-home.pdf?language={language}")
    assert (len(paper.pages), paper.reader.trailer["/Root"]["/Lang"]) == (1, language)
    for each in (*words, finished.patient.name, "Fictional Escort", "911"):
        assert each in paper.text, each


def test_a_language_we_do_not_stand_for_is_refused(press, finished):
    assert press.get(f"/sessions/{finished.ref}/going-home.pdf?language=xx").status_code == 422


def test_the_drawing_keeps_the_proportions_of_time_and_dose(house, finished):
    """Running 12 min, held 4, running 28: the widths are in that proportion, and both runs are equally high."""
    with at_practice(house.id):
        session = Session.objects.select_related("order__course__protocol", "location", "chair", "patient").get(pk=finished.pk)
        data = chart_data(session, now=datetime.now(tz=UTC))
    svg = ElementTree.fromstring(drawing.record_drawing(data, HERE, {}))
    shapes = list(svg.iter("{http://www.w3.org/2000/svg}rect"))
    runs = [shape for shape in shapes if shape.get("fill") == drawing.DOSE]
    held = [shape for shape in shapes if shape.get("fill") == "url(#hatch)"]
    minute = float(runs[0].get("width")) / 12
    assert float(held[0].get("width")) == pytest.approx(4 * minute, abs=0.05)
    assert float(runs[1].get("width")) == pytest.approx(28 * minute, abs=0.05)
    assert runs[0].get("height") == runs[1].get("height")


def test_a_name_with_signs_of_markup_stays_a_name(house, press):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        person = factories.patient(house, now=now, family_name='O"Neil & <Sons> #let')
        session = factories.session(house, factories.order(house, person, now=now), start=now, now=now)
        visit.make_ready(house, session, now)
    assert 'O"Neil & <Sons> #let' in press.paper(f"/sessions/{session.ref}/record.pdf").text


def test_a_record_before_the_start_and_after_an_abandoned_visit_prints_too(house, press):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        from winddown.services import sessions

        session = factories.session(house, start=now, now=now)
        bag = bags.make(session, visit.BAG, by=house.nurse, second=house.nurse_2, now=now)
        sessions.check_in(session, by=house.nurse, now=now)
    assert len(press.paper(f"/sessions/{session.ref}/record.pdf").pages) == 1
    with at_practice(house.id):
        sessions.abandon(session, because="a cold", by=house.nurse, now=now)
        bags.waste_rest(bag, Decimal(100), read_by="cylinder", by=house.nurse, witness=house.nurse_2, now=now)
    assert "Visit abandoned: a cold" in press.paper(f"/sessions/{session.ref}/record.pdf").text
