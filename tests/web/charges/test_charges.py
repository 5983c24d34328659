"""Lines for the bill: what was charted at the chair, and nothing that names a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests import factories
from tests.factories import visit
from tests.web.people.desk import signed_in, words_of
from winddown.record.models import AuditEntry
from winddown.record.scope import at_practice
from winddown.services import orders, rescue

AT = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)
MIDAZOLAM = {"key": "midazolam", "drug": "midazolam", "dose": "1 mg", "route": "IV", "maximum_doses": "2", "interval_min": "5"}


def charted(house):
    """A dose given at 18:12 of the last day of March in New York; in UTC that is 22:12."""
    before = AT - timedelta(hours=1)
    with at_practice(house.id):
        first = factories.order(house, now=before)
        told = {"by": house.prescriber, "now": before}
        order = orders.write(first.course, first.draft["request"], as_needed=(MIDAZOLAM,), supersedes=first, **told)
        orders.sign(order, **told)
        session = factories.session(house, order, start=AT, now=before)
        visit.make_ready(house, session, AT - timedelta(minutes=10))
        visit.start(house, session, AT)
        rescue.give(session, "midazolam", by=house.nurse, now=AT + timedelta(minutes=12), reason="distress")
    return session


def test_a_dose_charted_at_the_chair_is_one_line_of_its_month_without_a_name(house):
    session, director = charted(house), signed_in(house, "director")
    page = words_of(director.get("/charges/?day=2026-03-15"))
    number = session.patient.record_number
    assert (page.count(number), "18:12" in page, "1 mg" in page, session.patient.family_name in page) == (1, True, True, False)
    assert "No charge in this month" in words_of(director.get("/charges/?day=2026-04-01"))
    lines = director.get("/charges/file/?day=2026-03-31").content.decode().splitlines()
    assert lines[1:] == [f"2026-03-31T18:12-04:00,Sandusky,{number},{session.ref},midazolam,1,mg,IV,no"]
    assert signed_in(house, "nurse").get("/charges/").status_code == 403
    with at_practice(house.id):
        assert AuditEntry.objects.filter(act="export charges", by=house.director).count() == 1
