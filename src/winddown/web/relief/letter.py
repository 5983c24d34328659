"""The page of the letter after a series: read, changed in its own fields, signed, sent or given on paper; who was sent what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_POST

from winddown.domain.outcomes.definition import PAIN
from winddown.domain.outcomes.episodes import Episode
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange, Refusal
from winddown.record.models import CareContact, Patient, SeriesLetter, SignedLetter
from winddown.record.queries.episodes import treated
from winddown.services import audit, care_contacts, letter_recipients, letters, relief
from winddown.web.access import StaffRequest, read_chart
from winddown.web.papers.press import print_pdf
from winddown.web.patients.base import head_of, open_patient, patient_of
from winddown.web.people.shell import desk, place_of, show
from winddown.web.relief import present
from winddown.web.relief.letter_data import Writing, letter_data

ROLE_WORDS = {"referrer": __("Referring doctor"), "mental_health": __("Mental-health clinician")}


@desk("chart.read")
def letter_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    patient = patient_of(ref)
    read_chart(request, patient, "letter after a series")
    return _page(request, patient)


@desk("letter.write")
@require_POST
def letter_write(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Keep the words as the next version; with `sign` that version is signed at once."""
    patient = open_patient(ref)
    read_chart(request, patient, "letter after a series")
    episode = _episode(request, patient)
    try:
        row = letters.write(
            patient,
            episode.began_at,
            words=request.POST.get("words", ""),
            plan=request.POST.get("plan", ""),
            seen=int(request.POST.get("seen") or 0),
            by=request.staff,
            now=request.now,
        )
        if "sign" in request.POST:
            letters.sign(row, lambda letter: _press(request, patient, episode, letter, signed=True), by=request.staff, now=request.now)
            messages.success(request, _("Signed. It can be sent now."))
        else:
            messages.success(request, _("Kept as version %(n)s.") % {"n": row.version})
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed) and refusal.code == "not_permitted":
            raise
        return _page(request, patient, refusal=refusal)
    return redirect("relief_letter", ref=ref)


@desk("letter.write")
@require_POST
def letter_send(request: StaffRequest, ref: UUID) -> HttpResponse:
    """By email, or written down as given on paper. The code is shown this once, to be said by telephone."""
    patient = open_patient(ref)
    read_chart(request, patient, "letter after a series")
    signed, contact = _to_whom(request, patient)
    try:
        if "paper" in request.POST:
            letters.give_on_paper(signed, contact, by=request.staff, now=request.now)
            messages.success(request, _("Written down: given on paper."))
            return redirect("relief_letter", ref=ref)
        sent, code = letters.send(signed, contact, by=request.staff, now=request.now)
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed) and refusal.code == "not_permitted":
            raise
        return _page(request, patient, refusal=refusal)
    if not code:
        messages.success(request, _("It waits in the outbox, with the letter attached."))
        return redirect("relief_letter", ref=ref)
    return _page(request, patient, told={"code": code, "contact": contact, "until": sent.expires_at})


@desk("letter.write")
@require_POST
def letter_spare(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Why one named person does not get it; the task no longer waits for them."""
    patient = open_patient(ref)
    read_chart(request, patient, "letter after a series")
    signed, contact = _to_whom(request, patient)
    try:
        letter_recipients.spare(signed.letter, contact, because=request.POST.get("because", ""), by=request.staff, now=request.now)
    except (Missing, OutOfRange) as refusal:
        return _page(request, patient, refusal=refusal)
    messages.success(request, _("Kept."))
    return redirect("relief_letter", ref=ref)


@desk("contact.write")
@require_POST
def letter_contact(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Who else treats the patient: name, email, telephone, and whether the patient wants letters sent there."""
    patient = open_patient(ref)
    told = {name: request.POST.get(name, "") for name in ("name", "email", "phone")}
    role = request.POST.get("role", "")
    try:
        care_contacts.write(patient, role, **told, letters="unwanted" not in request.POST, by=request.staff, now=request.now)
    except Refusal as refusal:
        return _page(request, patient, refusal=refusal, typed={role: told})
    messages.success(request, _("Kept."))
    return redirect("relief_letter", ref=ref)


@desk("letter.way")
@require_POST
def letter_way(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The director's choice for the whole practice, made where it is needed."""
    patient = patient_of(ref)
    try:
        letters.choose_way(request.POST.get("way", ""), because=request.POST.get("because", ""), by=request.staff, now=request.now)
    except Refusal as refusal:
        return _page(request, patient, refusal=refusal)
    messages.success(request, _("Kept."))
    return redirect("relief_letter", ref=ref)


@desk("chart.read")
def letter_pdf(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A signed version exactly as it was signed (`?signed=`); without one a draft that says so. A print leaves a line."""
    patient = patient_of(ref)
    read_chart(request, patient, "letter after a series")
    asked = request.GET.get("signed")
    if asked:
        signed = SignedLetter.objects.filter(ref=_ref(asked), letter__patient=patient).first()
        if signed is None:
            raise Http404
        pdf = bytes(signed.pdf)
    else:
        episode = _episode(request, patient)
        pdf = _press(request, patient, episode, _newest(patient, episode) or _unwritten(patient, episode), signed=False)
    audit.note("print letter after a series", by=request.staff, now=request.now, patient=patient, subject=asked or "draft")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letter-{patient.record_number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _page(
    request: StaffRequest,
    patient: Patient,
    *,
    refusal: Refusal | None = None,
    told: dict[str, Any] | None = None,
    typed: dict[str, dict[str, str]] | None = None,
) -> HttpResponse:
    found = relief.forecast(patient, now=request.now)
    episode = found.episodes[-1] if found.episodes else None
    every = letters.versions(patient)
    newest = next((row for row in every if episode is not None and row.began_at == episode.began_at), None)
    proposal = present.proposal_words(found)
    words = {"words": newest.words if newest else "", "plan": newest.plan if newest else (proposal["words"] if proposal else "")}
    if refusal is not None and "plan" in request.POST:
        words = {name: request.POST.get(name, "") for name in words}
    context = {
        "tab": "relief",
        "episode": episode,
        "began": present.day(episode.began_at) if episode else "",
        "newest": newest,
        "signed": getattr(newest, "signed", None),
        "versions": every,
        "sendings": letters.sendings(patient),
        "people": _people(request, patient, typed or {}, getattr(newest, "signed", None)),
        "facts": letter_data(_writing(request, patient, episode, newest or _unwritten(patient, episode), signed=False))
        if episode
        else None,
        "way": letters.way(),
        "refusal": refusal,
        "told": told,
        "limits": {"words": letters.WORDS_LETTERS, "plan": letters.PLAN_LETTERS},
        **words,
    }
    return show(request, "relief/letter.html", head_of(request, patient) | context, status=422 if refusal else 200)


def _people(request: StaffRequest, patient: Patient, typed: dict[str, dict[str, str]], signed: SignedLetter | None) -> list[dict[str, Any]]:
    """One card for each role; what nobody has written down yet is filled from the referral and the history."""
    kept, told = care_contacts.of(patient), care_contacts.told(patient)
    stands = letter_recipients.recipients(signed, now=request.now) if signed else {}
    rows = []
    for role, words in ROLE_WORDS.items():
        contact = kept.get(role)
        name, phone = told.get(role, ("", ""))
        filled = (
            {"name": contact.name, "email": contact.email, "phone": contact.phone}
            if contact
            else {"name": name, "phone": phone, "email": ""}
        )
        row: dict[str, Any] = {"role": role, "words": words, "contact": contact, "open": contact is None or role in typed}
        row |= {"stands": stands.get(role), "state": stands[role].state() if role in stands else ""}
        rows.append({**row, **filled, **typed.get(role, {})})
    return rows


def _episode(request: StaffRequest, patient: Patient) -> Episode:
    courses = [course for course in treated(PAIN, patient) if course.given]
    found = courses[-1].episodes(PAIN, at=request.now) if courses else ()
    if not found:
        raise Missing(
            because="There is no infusion to write about.", way_out="The letter can be made after the first infusion.", code="no_series"
        )
    return found[-1]


def _newest(patient: Patient, episode: Episode) -> SeriesLetter | None:
    return next((row for row in letters.versions(patient) if row.began_at == episode.began_at), None)


def _unwritten(patient: Patient, episode: Episode) -> SeriesLetter:
    return SeriesLetter(patient=patient, began_at=episode.began_at, version=0)


def _writing(request: StaffRequest, patient: Patient, episode: Episode, letter: SeriesLetter, *, signed: bool) -> Writing:
    place = place_of(request)
    people = care_contacts.of(patient)
    return Writing(patient, episode, letter, people, request.staff, place.name if place else "", request.now, signed)


def _press(request: StaffRequest, patient: Patient, episode: Episode, letter: SeriesLetter, *, signed: bool) -> bytes:
    return print_pdf("series_letter", letter_data(_writing(request, patient, episode, letter, signed=signed)), at=request.now)


def _to_whom(request: StaffRequest, patient: Patient) -> tuple[SignedLetter, CareContact]:
    """The signed version that the form names, of this patient, and the person. Refuses Missing where either is not there."""
    rows = SignedLetter.objects.select_related("letter__patient")
    signed: SignedLetter | None = rows.filter(ref=_ref(request.POST.get("signed")), letter__patient=patient).first()
    contact = care_contacts.of(patient).get(request.POST.get("role", ""))
    if signed is None or contact is None:
        raise Missing(
            because="There is no signed letter, or nobody to send it to.", way_out="Go back to the letter.", code="letter_missing"
        )
    return signed, contact


def _ref(text: str | None) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
