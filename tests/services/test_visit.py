"""One visit from a signed order to a discharge, and what is refused on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tests import factories
from tests.factories import visit
from winddown.domain.refusals import Missing, NotAllowed, Refusal
from winddown.record.models import Alarm, AuditEntry, LedgerEntry, SessionEvent, Snapshot
from winddown.record.scope import at_practice
from winddown.services import bags, bedside, discharge, gates, infusion, ledger, picture, sessions, stories

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


@pytest.fixture
def ready(house):
    with at_practice(house.id):
        session = factories.session(house, start=AT, now=AT - timedelta(hours=1))
        visit.make_ready(house, session, AT - timedelta(minutes=10))
    return session


def test_a_visit_from_order_to_discharge_leaves_a_whole_record(house, ready):
    with at_practice(house.id):
        visit.start(house, ready, AT)
        infusion.finish(ready, "infusion_completed", by=house.nurse, now=AT + timedelta(minutes=40))
        later = visit.recover(house, ready, AT + timedelta(minutes=40))
        assert [line.sentence for line in discharge.open_lines(ready, now=later)] == []
        sessions.sign_discharge(ready, by=house.nurse, now=later)
        assert ready.status == "discharged"
        dose = picture.dose_of(ready, now=later)
        assert (dose.programmed_mg, dose.programmed_ml) == (Decimal("35.000"), Decimal("35.000"))
        assert [(line.kind, line.mg) for line in ledger.of_session(ready)] == [("drawn", Decimal("100.000")), ("given", Decimal("35.000"))]
        bags.waste_rest(ready.bags.get(), Decimal(63), read_by="cylinder", by=house.nurse, witness=house.nurse_2, now=later)
        held = bags.balance_of(ready, now=later)
        assert held.accounted_mg == Decimal(100)
        assert ledger.verify(house.location) == []
        assert set(Snapshot.objects.values_list("moment", flat=True)) == {"sign", "start", "rate_change", "discharge"}
        assert AuditEntry.objects.filter(act="write started", by=house.nurse, patient=ready.patient).count() == 1


def test_nothing_starts_before_the_gate_is_full(house):
    with at_practice(house.id):
        session = factories.session(house, start=AT, now=AT)
        sessions.check_in(session, by=house.nurse, now=AT)
        with pytest.raises(NotAllowed) as refused:
            visit.start(house, session, AT)
        assert refused.value.because == "The session is checked in, not ready."
        with pytest.raises(NotAllowed) as refused:
            sessions.make_ready(session, by=house.nurse, now=AT)
        assert "Identity" in refused.value.because


def test_a_weight_more_than_ten_percent_from_the_order_stops_until_a_prescriber_accepts_it(house, ready):
    with at_practice(house.id):
        sessions.weigh(ready, "80", by=house.nurse, now=AT)
        with pytest.raises(NotAllowed) as refused:
            visit.start(house, ready, AT)
        assert "80 kg today, order 70 kg, 14.3 % apart, limit 10 %" in refused.value.because
        with pytest.raises(NotAllowed):
            sessions.accept_weight(ready, because="fluid", by=house.nurse, now=AT)
        sessions.accept_weight(ready, because="weighed in a brace", by=house.prescriber, now=AT)
        visit.start(house, ready, AT)
        assert ready.status == "running"


def test_a_tenfold_rate_is_stopped_and_named(house, ready):
    with at_practice(house.id):
        visit.start(house, ready, AT)
        with pytest.raises(Refusal) as refused:
            infusion.change_rate(ready, Decimal(525), because="typed in a hurry", by=house.nurse, now=AT + timedelta(minutes=5))
        assert "tenfold" in refused.value.because
        assert picture.dose_of(ready, now=AT + timedelta(minutes=5)).rate_ml_per_h == Decimal("52.5")


def test_a_pump_that_really_ran_too_fast_is_recorded_and_alarmed(house, ready):
    with at_practice(house.id):
        visit.start(house, ready, AT)
        infusion.change_rate(ready, Decimal(525), because="found so", by=house.nurse, now=AT + timedelta(minutes=5), as_fact=True)
        dose = picture.dose_of(ready, now=AT + timedelta(minutes=6))
        assert dose.rate_ml_per_h == Decimal(525)
        assert dose.programmed_mg == Decimal("13.125")
        assert Alarm.objects.get(condition="pump_rate").severity == "high"


def test_a_pause_records_the_dose_to_a_tenth_and_a_resume_never_goes_above_the_rate_before(house, ready):
    with at_practice(house.id):
        visit.start(house, ready, AT)
        held_at = AT + timedelta(minutes=12, seconds=34)
        infusion.hold(ready, "patient asks", by=house.nurse, now=held_at)
        assert ready.status == "held"
        assert picture.dose_of(ready, now=held_at + timedelta(minutes=3)).programmed_mg == Decimal("10.996")
        with pytest.raises(Refusal) as refused:
            infusion.resume(ready, Decimal(60), by=house.nurse, now=held_at + timedelta(minutes=5))
        assert refused.value.because == "Resuming at 60 mL/h is above the 52.5 mL/h before the hold."
        infusion.resume(ready, Decimal("52.5"), by=house.nurse, now=held_at + timedelta(minutes=5))
        assert ready.status == "running"


def test_the_third_hold_is_the_protocols_advice_to_stop(house, ready):
    with at_practice(house.id):
        visit.start(house, ready, AT)
        at = AT
        for _ in range(3):
            at += timedelta(minutes=2)
            infusion.hold(ready, "pressure", by=house.nurse, now=at)
            if _ < 2:
                infusion.resume(ready, Decimal("52.5"), by=house.nurse, now=at + timedelta(minutes=1))
        assert "held 3 times" in Alarm.objects.get(condition="rule_third_hold").words


def test_the_same_key_twice_is_one_entry(house, ready):
    key = uuid4()
    with at_practice(house.id):
        visit.start(house, ready, AT)
        first = bedside.score(ready, "pain", "6", by=house.nurse, now=AT, key=key)
        again = bedside.score(ready, "pain", "6", by=house.nurse, now=AT, key=key)
        assert first.pk == again.pk
        assert SessionEvent.objects.filter(kind="score_taken").count() == 1


def test_a_late_correction_moves_the_dose_and_enters_a_line_that_supersedes(house, ready):
    with at_practice(house.id):
        started = visit.start(house, ready, AT)
        infusion.finish(ready, "infusion_completed", by=house.nurse, now=AT + timedelta(minutes=40))
        really = AT + timedelta(minutes=4)
        bedside.correct(
            started, {"rate_ml_per_h": "52.5"}, because="the pump was started later", happened_at=really, by=house.nurse,
            now=AT + timedelta(minutes=50),
        )  # fmt: skip
        assert picture.dose_of(ready, now=AT + timedelta(minutes=50)).programmed_mg == Decimal("31.500")
        lines = LedgerEntry.objects.filter(session=ready, kind="given").order_by("number")
        assert [line.mg for line in lines] == [Decimal("35.000"), Decimal("31.500")]
        assert [(line.kind, line.mg) for line in ledger.of_session(ready)][-1] == ("given", Decimal("31.500"))
        kept = SessionEvent.objects.get(supersedes=started)
        assert (kept.happened_at, kept.written_at) == (really, AT + timedelta(minutes=50))


def test_discharge_with_an_open_line_takes_a_reason_and_a_second_name(house, ready):
    with at_practice(house.id):
        visit.start(house, ready, AT)
        end = AT + timedelta(minutes=40)
        infusion.finish(ready, "infusion_completed", by=house.nurse, now=end)
        with pytest.raises(NotAllowed):
            sessions.sign_discharge(ready, by=house.nurse, now=end)
        with pytest.raises(NotAllowed):
            sessions.sign_discharge(ready, by=house.nurse, now=end, reason="patient insists")
        sessions.sign_discharge(ready, by=house.nurse, second=house.prescriber, reason="patient insists on leaving", now=end)
        assert ready.status == "discharged"
        assert stories.standing(ready)[-1].kind == "discharged"


def test_a_second_person_is_another_person_even_for_the_database(house, ready):
    with at_practice(house.id), pytest.raises(Exception, match="second_person_is_another"):
        stories.write(ready, "pump_read_back", {}, by=house.nurse, second=house.nurse, now=AT)


def test_a_front_desk_cannot_start_an_infusion(house, ready):
    with at_practice(house.id), pytest.raises(NotAllowed):
        infusion.start(ready, Decimal("52.5"), by=house.front_desk, now=AT)


def test_waste_without_a_witness_is_refused(house, ready):
    with at_practice(house.id), pytest.raises(Missing):
        bags.waste_rest(ready.bags.get(), Decimal(10), read_by="syringe", by=house.nurse, witness=None, now=AT)


def test_a_tampered_ledger_line_is_named(house, ready, urls):
    import psycopg

    with psycopg.connect(urls.superuser, autocommit=True) as link:
        link.execute("update record_ledgerentry set mg = 90 where practice_id = %s and kind = 'drawn'", [house.id])
    with at_practice(house.id):
        assert ledger.verify(house.location) == ["line 1: its content was changed after it was written"]


def test_the_gate_names_what_is_open(house):
    with at_practice(house.id):
        session = factories.session(house, start=AT, now=AT)
        lines = gates.start_lines(session, now=AT)
        assert {line.key for line in lines if line.state == "stop"} == {"consent", "screening", "credential_acls", "credential_sedation"}
