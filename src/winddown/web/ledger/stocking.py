"""Deliveries, the list of products, the registration and the levels of a location, and what laboratories found."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.controlled import gs1
from winddown.domain.refusals import Missing, OutOfRange
from winddown.record.models import Assay, Product, Receipt
from winddown.services import alerts, assays, formulary, receiving
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.ledger import here
from winddown.web.ledger.forms import AssayForm, ProductForm, ReceiveForm, RegistrationForm
from winddown.web.people.shell import carried_out, desk, paged, posted


@desk("ledger.write")
def receive(request: StaffRequest) -> HttpResponse:
    """A delivery: scan, count, invoice. Each vial gets its number here."""
    place = here.place_here(request)
    form = ReceiveForm(posted(request))
    made: list[Receipt] = []
    if form.is_bound and carried_out(form, lambda: made.append(_received(request, form))):
        receipt = made[0]
        vials = list(receipt.contents.order_by("number"))
        messages.success(
            request,
            _("%(count)s vials are in: write %(first)s to %(last)s on them.")
            % {"count": len(vials), "first": vials[0].label, "last": vials[-1].label},
        )
        return redirect(f"/ledger/?place={place.ref}")
    recent = paged(request, Receipt.objects.filter(location=place).select_related("product", "by").order_by("-id"), per_page=10)
    context = {"form": form, "recent": recent, "products": Product.objects.filter(active=True).exists()}
    return here.show(request, "ledger/receive.html", context, place=place, status=422 if form.is_bound else 200)


def _received(request: StaffRequest, form: ReceiveForm) -> Receipt:
    """What was scanned counts before what was chosen, and the two may not differ."""
    said, today = form.cleaned_data, timezone.localdate(request.now)
    product, lot, expires_on = said["product"], said["lot"].strip(), said["expires_on"]
    if said["scan"].strip():
        scan = gs1.read(said["scan"], today=today)
        scanned = formulary.product_of(scan)
        if product is not None and product.pk != scanned.pk:
            raise OutOfRange(
                because=_("The code is of %(scanned)s, chosen is %(chosen)s.") % {"scanned": scanned.name, "chosen": product.name},
                way_out=_("Look at the label again."),
                code="scan_differs",
                where="product",
            )
        product, lot, expires_on = scanned, lot or scan.lot, expires_on or scan.expires_on
    if product is None or expires_on is None:
        raise Missing(
            because=_("The code does not say it, and it is not entered."),
            way_out=_("Copy it from the label."),
            code="field_empty",
            where="product" if product is None else "expires_on",
        )
    serials = [_serial(line, product, today) for line in said["serials"].splitlines() if line.strip()]
    return receiving.receive(
        product,
        location=here.place_here(request),
        vials=said["vials"],
        lot=lot,
        expires_on=expires_on,
        supplier=said["supplier"],
        supplier_number=said["supplier_number"],
        invoice=said["invoice"],
        serials=serials,
        by=request.staff,
        now=request.now,
        key=access.key_of(request),
    )


def _serial(line: str, product: Product, today: Any) -> str:
    """A bare serial number, or a whole code of the same product."""
    if line.strip().startswith(("(", "]", "01")) and len(line.strip()) > 18:
        scan = gs1.read(line, today=today)
        if formulary.product_of(scan).pk != product.pk or not scan.serial:
            raise OutOfRange(
                because=_("A scanned vial is of another product, or has no serial number."),
                way_out=_("Take it out of this delivery."),
                code="scan_differs",
                where="serials",
            )
        return scan.serial
    return line.strip()[:30]


@desk("ledger.see", background=True)
def scan(request: StaffRequest) -> JsonResponse:
    """What a code says, for the form that was just scanned into. Nothing is written."""
    found = gs1.read(request.GET.get("code", ""), today=timezone.localdate(request.now))
    product = formulary.product_of(found)
    return JsonResponse(
        {
            "product": product.pk,
            "name": product.name,
            "lot": found.lot,
            "serial": found.serial,
            "expires_on": found.expires_on.isoformat() if found.expires_on else "",
        }
    )


@desk("ledger.officer")
def setup(request: StaffRequest) -> HttpResponse:
    """The officer's list: what may be kept here, under which registration, and how much of it."""
    place = here.place_here(request)
    held = formulary.registration_of(place)
    bound = request.POST.get("form") if request.method == "POST" else None
    product_form = ProductForm(request.POST if bound == "product" else None)
    registration_form = RegistrationForm(request.POST if bound == "registration" else None, initial=_initial(held))
    deeds = {
        "product": (product_form, lambda: formulary.list_product(**_product(product_form), by=request.staff, now=request.now)),
        "registration": (
            registration_form,
            lambda: formulary.register(place, **registration_form.cleaned_data, by=request.staff, now=request.now),
        ),
    }
    if bound in deeds and carried_out(*deeds[bound]):
        messages.success(request, _("Kept."))
        return redirect(f"/ledger/setup/?place={place.ref}")
    levels = {product.pk: least for product, least in alerts.par_levels(place).items()}
    context = {
        "held": held,
        "registration_form": registration_form,
        "product_form": product_form,
        "products": [{"product": row, "least": levels.get(row.pk, 0)} for row in Product.objects.order_by("-active", "drug", "mg_per_ml")],
        "open_form": bound,
    }
    return here.show(request, "ledger/setup.html", context, place=place, status=422 if bound else 200)


def _product(form: ProductForm) -> dict[str, Any]:
    return {**form.cleaned_data, "schedule": form.cleaned_data["schedule"] or ""}


def _initial(held: Any) -> dict[str, Any]:
    names = ("registrant", "dea_number", "state_license", "schedules", "expires_on", "field_office")
    return {name: getattr(held, name) for name in names} if held else {"schedules": ["III", "IV"]}


@desk("ledger.officer")
@require_POST
def par(request: StaffRequest, product: UUID) -> HttpResponse:
    place = here.place_here(request)
    row: Product = get_object_or_404(Product.objects, ref=product)
    text = request.POST.get("least", "").strip()
    if not text.isdigit() or int(text) > 999:
        raise OutOfRange(because=_("A level is a whole number, 0 to 999."), way_out=_("0 means no alert."), code="not_whole", where="least")
    formulary.set_par(place, row, int(text), by=request.staff, now=request.now)
    messages.success(request, _("The level is set."))
    return redirect(f"/ledger/setup/?place={place.ref}")


@desk("ledger.officer")
def assay_list(request: StaffRequest) -> HttpResponse:
    """Random samples: the only thing here that says what was in a syringe."""
    place = here.place_here(request)
    form = AssayForm(posted(request))
    if form.is_bound and carried_out(form, lambda: _assayed(request, form)):
        messages.success(request, _("The result is on file."))
        return redirect(f"/ledger/assays/?place={place.ref}")
    rows = paged(request, Assay.objects.filter(location=place).select_related("by").order_by("-id"), per_page=25)
    return here.show(request, "ledger/assays.html", {"form": form, "rows": rows}, place=place, status=422 if form.is_bound else 200)


def _assayed(request: StaffRequest, form: AssayForm) -> Assay:
    place, said = here.place_here(request), form.cleaned_data
    at = datetime.combine(said["sampled_on"], time(12), tzinfo=ZoneInfo(place.time_zone))
    told = {name: said[name] for name in ("sample", "laboratory", "expected_mg_per_ml", "found_mg_per_ml", "words")}
    return assays.record(place, **told, sampled_at=at, by=request.staff, now=request.now, key=access.key_of(request))
