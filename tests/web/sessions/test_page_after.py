"""The page of a visit that is over: when the patient left, and nothing that is still due."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format

from tests.web.people.desk import words_of
from winddown.record.models import Session
from winddown.record.scope import at_practice


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
