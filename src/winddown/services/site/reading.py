"""The one way by which a stranger's page reads the record: plain values of rows that are meant for everybody, never a row itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from winddown.record.models import Location, Practice


@dataclass(frozen=True)
class PublicPlace:
    """A location as the site shows it. hours: weekday "0" (Monday) to "6" -> [[opens, closes], ...] in the place's own time."""

    slug: str
    name: str
    address: str
    phone: str
    time_zone: str
    hours: dict[str, Any] = field(default_factory=dict)
    in_booking: bool = True

    @property
    def dial(self) -> str:
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


def practice_of(slug: str) -> Practice | None:
    """The practice at this public address."""
    found: Practice | None = Practice.objects.filter(slug=slug).first()
    return found


def places() -> Sequence[PublicPlace]:
    """Every location, by name."""
    return [_place(row) for row in Location.objects.order_by("name")]


def _place(row: Location) -> PublicPlace:
    return PublicPlace(
        slug=slugify(row.name), name=row.name, address=row.address, phone=row.phone, time_zone=row.time_zone, hours=row.hours or {}
    )
