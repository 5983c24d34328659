"""Screening through the services: history, runs, decisions, checks, series, thresholds, and what a start waits for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from tests import factories
from tests.factories import visit
from winddown.domain.refusals import Missing, NotAllowed, Refusal, Stale
from winddown.record.models import HistoryEntry, ScreeningRun, Task
from winddown.record.scope import at_practice
from winddown.services import gates, orders, patients
from winddown.services.screening import beside, checks, day_list, history, of_the_day, runs, thresholds

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def inside(house):
    with at_practice(house.id):
        yield house


@pytest.fixture
def patient(inside):
    return factories.patient(inside, now=AT - timedelta(days=20))


def told(house, patient, at=AT, **answers):
    return history.answer(patient, answers, informant="patient", by=house.nurse, observed_at=at, now=at)


def found(run, rule):
    return next(finding for finding in run.findings if finding.rule == rule)


def test_an_answer_keeps_who_and_when_the_newest_counts_and_the_older_stays(inside, patient):
    told(inside, patient, AT - timedelta(days=3), aneurysm="no")
    told(inside, patient, AT, aneurysm="yes")
    assert [row.value for row in HistoryEntry.objects.filter(patient=patient, key="aneurysm").order_by("id")] == [False, True]
    run = runs.look(patient, now=AT, track="pain")
    assert run.facts.known["aneurysm"].by == "patient, with Fictional Nurse"
    assert found(run, "heart.aneurysm").sentence.endswith("2 Mar 2026.")


def test_what_is_on_file_already_is_not_written_again_unless_it_was_asked_again(inside, patient):
    assert len(told(inside, patient, stroke="no")) == 1
    assert told(inside, patient, stroke="no") == []
    again = history.answer(patient, {"stroke": "no"}, informant="patient", by=inside.nurse, observed_at=AT, now=AT, again=True)
    assert len(again) == 1


def test_the_phone_may_send_a_section_twice_out_of_order_and_odd_and_nothing_is_lost_or_doubled(inside, patient):
    key, sheet = uuid4(), {"hypertension": "1", "seizures": "perhaps", "pressure_hazard": "1"}
    lines = {"medicine": "Lamictal 100 mg\n\n  Foobarol 3 mg \n"}
    send = {"informant": "patient", "told_at": AT + timedelta(days=2), "now": AT, "key": key}
    assert history.from_home(patient, sheet, lines, **send) == 4
    assert history.from_home(patient, sheet, lines, **send) == 0
    run = runs.look(patient, now=AT, track="pain")
    assert run.facts.known["hypertension"].on == DAY
    assert "seizures" not in run.facts.known
    assert "pressure_hazard" not in run.facts.known
    assert found(run, "interaction.lamotrigine").outcome == "fired"
    assert "Foobarol" in found(run, "person.medicines_unknown").sentence


def test_the_run_is_kept_with_inputs_versions_and_a_digest_that_can_be_worked_out_again(inside, patient):
    told(inside, patient, cannabis="yes")
    run = runs.look(patient, now=AT, track="pain")
    row = runs.keep(patient, run, by=inside.nurse, now=AT)
    assert (row.digest, row.limits_version, row.inputs["known"]["cannabis"]["value"]) == (run.digest, 0, True)
    assert runs.keep(patient, runs.look(patient, now=AT, track="pain"), by=inside.nurse, now=AT).pk == row.pk
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update record_screeningrun set verdict = 'fine' where id = %s", [row.pk])


def test_only_a_prescriber_decides_and_on_what_was_on_the_screen(inside, patient):
    run = runs.look(patient, now=AT, track="pain")
    with pytest.raises(NotAllowed):
        runs.decide_on(patient, run, choice="accept", by=inside.nurse, now=AT)
    told(inside, patient, AT, porphyria="yes")
    later = runs.look(patient, now=AT, track="pain")
    with pytest.raises(Stale):
        runs.decide_on(patient, later, choice="accept", by=inside.prescriber, now=AT, seen=run.digest)
    with pytest.raises(Missing):
        runs.decide_on(patient, later, choice="accept", by=inside.prescriber, now=AT, seen=later.digest)
    reasons = {"metabolism.porphyria": "a specialist agreed"}
    runs.decide_on(patient, later, choice="accept", by=inside.prescriber, now=AT, seen=later.digest, overrides=reasons)
    assert [(each.rule, each.because) for each in runs.standing_overrides(patient)] == [("metabolism.porphyria", "a specialist agreed")]


def test_a_decision_on_the_mood_track_opens_one_task_about_the_treating_clinician(inside, patient):
    for _ in range(2):
        run = runs.look(patient, now=AT, track="mood")
        runs.decide_on(patient, run, choice="defer", reasons=["data_missing"], until=DAY + timedelta(days=7), by=inside.prescriber, now=AT)
    (task,) = Task.objects.filter(kind="mental_health_clinician")
    assert "Nobody is named" in task.words
    run = runs.look(patient, now=AT, track="pain")
    runs.decide_on(patient, run, choice="refuse", reasons=["wish"], by=inside.prescriber, now=AT)
    assert Task.objects.filter(kind="mental_health_clinician").count() == 1


def states(session, at=AT):
    return {line.key: line.state for line in gates.start_lines(session, now=at)}


def test_the_gate_waits_for_decision_and_checks_and_a_new_finding_closes_it_again(inside):
    session = factories.session(inside, start=AT, now=AT)
    before = states(session)
    assert (before["screening"], before["check_urinalysis"], before["check_pregnancy_test"]) == ("stop", "missing", "missing")
    visit.screened(inside, session, AT)
    after = states(session)
    assert {key: state for key, state in after.items() if key.startswith(("screening", "check_")) and state != "done"} == {}
    told(inside, session.patient, AT, psychosis_now="yes")
    assert states(session)["screening_mind.psychosis"] == "stop"
    assert states(session, AT + timedelta(days=1))["check_pregnancy_test"] == "missing"


def test_a_gate_read_back_later_says_what_it_said_then(inside):
    session = factories.session(inside, start=AT, now=AT)
    visit.screened(inside, session, AT)
    then = states(session)
    later = AT + timedelta(hours=2)
    told(inside, session.patient, later, psychosis_now="yes")
    checks.record(session.patient, "urinalysis", {"result": "abnormal"}, done_on=DAY, today=DAY, by=inside.nurse, now=later)
    assert states(session) == then


def test_marking_a_visit_ready_keeps_the_run_of_the_day(inside):
    session = factories.session(inside, start=AT, now=AT)
    visit.make_ready(inside, session, AT)
    run = ScreeningRun.objects.get(session=session)
    assert (run.moment, run.digest) == ("day", of_the_day.look(session, now=AT).run.digest)


def test_no_further_series_while_the_reevaluation_is_missing_or_due(inside):
    session = factories.session(inside, start=AT, now=AT)
    visit.make_ready(inside, session, AT)
    visit.start(inside, session, AT)
    protocol, who = session.order.course.protocol, session.patient

    def open_another(at):
        return orders.open_course(who, protocol, indication="a second series", by=inside.prescriber, now=at)

    with pytest.raises(NotAllowed, match="no re-evaluation on file"):
        open_another(AT + timedelta(days=10))
    done = DAY + timedelta(days=11)
    checks.record(who, "reevaluation", {"result": "continue"}, done_on=done, today=done, by=inside.prescriber, now=AT + timedelta(days=11))
    open_another(AT + timedelta(days=12))
    with pytest.raises(NotAllowed, match="expired on"):
        open_another(AT + timedelta(days=120))


def test_the_director_signs_thresholds_and_a_run_names_its_version(inside, patient):
    figure = {"value": 40, "unit": "years", "source": "our own", "status": "derived"}
    with pytest.raises(NotAllowed):
        thresholds.sign({"person.old": {"years": figure}}, because="frail town", on=0, by=inside.prescriber, now=AT)
    thresholds.sign({"person.old": {"years": figure}}, because="frail town", on=0, by=inside.director, now=AT)
    run = runs.look(patient, now=AT, track="pain")
    assert (run.limits_version, found(run, "person.old").sentence) == (1, "45 years old, limit 40 years.")
    with pytest.raises(Stale):
        thresholds.sign({"person.old": {"years": figure}}, because="again", on=0, by=inside.director, now=AT)
    with pytest.raises(Refusal):
        thresholds.sign({"person.ancient": {"years": figure}}, because="again", on=1, by=inside.director, now=AT)


def test_a_clinic_may_ask_for_a_check_more_often(inside):
    session = factories.session(inside, start=AT, now=AT)
    visit.screened(inside, session, AT - timedelta(days=5))
    assert states(session)["check_blood_pressure"] == "done"
    figure = {"value": 3, "unit": "d", "source": "our own", "status": "derived"}
    thresholds.sign({"check.blood_pressure": {"valid_days": figure}}, because="closer", on=0, by=inside.director, now=AT)
    assert states(session)["check_blood_pressure"] == "missing"


def test_medicines_beside_an_order_know_the_track(inside):
    pain = factories.order(inside, key="crps-outpatient-4h", now=AT)
    note = {"by": inside.nurse, "observed_at": AT, "now": AT}
    patients.learn(pain.patient, "medicine", {"name": "clonazepam", "dose": "0.5 mg"}, **note)
    assert [each.rule for each in beside.of_course(pain.course, now=AT).fired] == ["interaction.sedatives"]
    mood = factories.order(inside, now=AT)
    assert not beside.of_course(mood.course, now=AT).asked
    patients.learn(mood.patient, "medicine", {"name": "clonazepam", "dose": "0.5 mg"}, **note)
    assert {each.rule for each in beside.of_course(mood.course, now=AT).fired} == {"interaction.sedatives", "interaction.benzodiazepine"}


def test_the_day_list_names_what_is_open_and_asks_the_same_number_of_queries(inside):
    from django.test.utils import CaptureQueriesContext

    first = factories.session(inside, start=AT, now=AT)
    assert day_list.open_before([first])[first.pk][0] == "decision"
    visit.screened(inside, first, AT)
    assert day_list.open_before([first]) == {}
    second = factories.session(inside, start=AT, now=AT, chair=1)
    counts = []
    for sessions in ([first], [first, second]):
        with CaptureQueriesContext(connection) as asked:
            day_list.open_before(sessions)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_referral_refuses_a_heading_code_and_a_mistyped_number_and_a_correction_is_a_newer_row(inside, patient):
    for wrong in ({"codes": "G90.5"}, {"npi": "1234567890"}, {"diagnosis": " "}):
        with pytest.raises(Refusal):
            history.refer(patient, {"diagnosis": "CRPS", **wrong}, by=inside.nurse, now=AT)
    history.refer(patient, {"diagnosis": "CRPS I of the hand", "codes": "G90.511 G89.4", "npi": "1234567893"}, by=inside.nurse, now=AT)
    history.refer(patient, {"diagnosis": "CRPS I of the right hand", "codes": "G90.511"}, by=inside.nurse, now=AT + timedelta(hours=1))
    newest = history.newest_referral(patient)
    assert (newest.diagnosis, newest.icd10, patient.referrals.count()) == ("CRPS I of the right hand", "G90.511", 2)
