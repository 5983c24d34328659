"""What an officer must see to at one location: expiry, shelf levels, registration, inventory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from winddown.domain.controlled.alerts import (
    INVENTORY_WARNING_DAYS,
    REGISTRATION_WARNING_DAYS,
    Alert,
    expiry,
    of_date,
    par,
)
from winddown.record.models import Location, ParLevel, Product, Vial
from winddown.services import counts, formulary, tasks


def of_location(location: Location, vials: Sequence[Vial], *, today: date) -> list[Alert]:
    """The most pressing first. `vials` are those that `stock.vials_here` gave."""
    found = [expiry(vial.label, vial.expires_on, today, subject=str(vial.ref)) for vial in vials]
    found += _pars(location, vials)
    found += [_registration(location, today), _inventory(location, today)] if vials or _keeps_something(location) else []
    order = {"act": 0, "watch": 1, "calm": 2}
    return sorted((each for each in found if each is not None), key=lambda each: order[each.level])


def par_levels(location: Location) -> dict[Product, int]:
    """The newest level of each product."""
    levels = {row.product: row.least for row in ParLevel.objects.filter(location=location).select_related("product").order_by("id")}
    return {product: least for product, least in levels.items() if least}


def _pars(location: Location, vials: Sequence[Vial]) -> list[Alert | None]:
    sealed = Counter(vial.product_id for vial in vials if vial.state == "sealed")
    return [par(product.name, sealed[product.pk], least, subject=str(product.ref)) for product, least in par_levels(location).items()]


def call_for_stock(location: Location, *, now: datetime) -> None:
    """A task for each product that stands below its level, in the transaction that took the vial. One stays open until it is closed."""
    vials = Vial.objects.filter(location=location, state="sealed").exclude(place="road")
    for alert in _pars(location, list(vials)):
        if alert is not None:
            told = {"kind": "drug_shelf", "urgency": "soon", "words": alert.words, "subject": alert.subject}
            tasks.open_task(**told, location=location, due_at=now + timedelta(days=1), now=now)  # type: ignore[arg-type]


def _keeps_something(location: Location) -> bool:
    return Vial.objects.filter(location=location).exists()


def _registration(location: Location, today: date) -> Alert | None:
    held = formulary.registration_of(location)
    if held is None:
        return Alert("act", "registration_missing", f"{location.name} has no registration on file")
    return of_date(
        held.expires_on,
        today,
        code="registration",
        what=f"The registration {held.dea_number}",
        passed="{what} expired on {day}",
        nears="{what} expires in {days} days",
        warning=REGISTRATION_WARNING_DAYS,
    )


def _inventory(location: Location, today: date) -> Alert | None:
    due = counts.inventory_due(location)
    if due is None:
        return Alert("watch", "inventory_missing", f"No full inventory of {location.name} is on file")
    return of_date(
        due,
        today,
        code="inventory",
        what="The next full inventory",
        passed="{what} was due on {day}",
        nears="{what} is due in {days} days",
        warning=INVENTORY_WARNING_DAYS,
    )
