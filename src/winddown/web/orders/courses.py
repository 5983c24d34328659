"""A course: one patient's plan under one version of a protocol, with its orders and visits."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.record.models import Course, Order, ProtocolVersion, Session
from winddown.services import orders
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.orders.words import order_status, status_words
from winddown.web.patients.base import head_of, open_patient
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show
from winddown.web.screening.beside import medicines_beside


class CourseForm(HouseForm):
    """What a course is opened with. Only the versions in force are offered."""

    protocol = forms.ChoiceField(label=__("Protocol"), help_text=__("The version in force. A course keeps its version."))
    indication = forms.CharField(label=__("Indication"), max_length=200, help_text=__("What is treated, in words."))
    icd10 = forms.CharField(label=__("ICD-10"), max_length=12, required=False)
    target = forms.CharField(
        label=__("Target"),
        max_length=300,
        required=False,
        help_text=__("What would count as success, and by when, in the patient's words."),
    )
    planned_sessions = forms.IntegerField(label=__("Sessions planned"), min_value=1, max_value=60)

    def __init__(self, versions: list[ProtocolVersion], data: Any = None) -> None:
        super().__init__(data, initial={"planned_sessions": 1})
        self.versions = {str(row.ref): row for row in versions}
        self.fields["protocol"].choices = [("", _("Choose")), *((ref, str(row)) for ref, row in self.versions.items())]  # type: ignore[attr-defined]


@desk("course.open")
def course_new(request: StaffRequest, ref: UUID) -> HttpResponse:
    patient = open_patient(ref)
    form = CourseForm(orders.newest_protocols(), posted(request))
    read_chart(request, patient, "new course")
    if form.is_bound and carried_out(form, lambda: _open(request, form, patient)):
        messages.success(request, _("The course is open. Write its first order."))
        return redirect("course_page", ref=form.course.ref)  # type: ignore[attr-defined]
    context = head_of(request, patient) | {"form": form, "key": request.POST.get("key") or uuid4()}
    return show(request, "orders/course_new.html", context, status=422 if form.is_bound else 200)


def _open(request: StaffRequest, form: CourseForm, patient: Any) -> None:
    told = form.cleaned_data | {"protocol": form.versions[form.cleaned_data["protocol"]]}
    form.course = orders.open_course(patient, **told, by=request.staff, now=request.now, key=key_of(request))  # type: ignore[attr-defined]


def course_of(ref: UUID) -> Course:
    """The course of this practice, or 404."""
    course: Course = get_object_or_404(Course.objects.select_related("patient", "patient__merged_into", "protocol", "by"), ref=ref)
    return course


@desk("chart.read")
def course_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    course = course_of(ref)
    read_chart(request, course.patient, f"course {course.ref}")
    rows = list(Order.objects.filter(course=course).select_related("by").prefetch_related("signatures__by").order_by("-written_at", "-id"))
    replaced = {row.supersedes_id for row in rows}
    lines = [{"row": row, "status": order_status(row, row.pk in replaced)} for row in rows]
    sessions = Session.objects.filter(order__course=course).select_related("chair", "location", "order").order_by("planned")
    context = head_of(request, course.patient) | {
        "course": course,
        "orders": [line for line in lines if line["row"].pk not in replaced],
        "older": [line for line in lines if line["row"].pk in replaced],
        "sessions": [{"row": row, "status": status_words(row.status)} for row in sessions],
        **medicines_beside(course, now=request.now),
        "newest": next((each for each in orders.newest_protocols() if each.key == course.protocol.key), course.protocol),
    }
    return show(request, "orders/course.html", context)
