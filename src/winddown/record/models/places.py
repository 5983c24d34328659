"""Practice, locations and chairs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.text import slugify

from winddown.record.base import Referenced


class Practice(models.Model):
    """One organization that owns records: the wall between tenants. Its own table stands before the wall, so it holds only names."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Location(Referenced):
    """A place of the practice with its hours, its IANA time zone, chairs and stock."""

    changes: ClassVar[tuple[str, ...]] = (
        "name",
        "time_zone",
        "address",
        "phone",
        "hours",
        "crash_cart",
        "slug",
        "bookable",
        "map_url",
        "directions",
    )
    device_role_may: ClassVar[str] = "select"

    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    hours = models.JSONField(default=dict, help_text="weekday 0-6 -> [[opens, closes], ...] in local time")
    crash_cart = models.CharField(max_length=200, blank=True)
    bookable = models.BooleanField(default=True, help_text="whether the public may ask for a visit here; its page stays either way")
    slug = models.SlugField(max_length=80, blank=True, help_text="its address on the public site; empty: made from the name")
    map_url = models.URLField(max_length=300, blank=True)
    directions = models.JSONField(default=dict, blank=True, help_text="language -> how to get there, in a few words")

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="location_name_once"),
            models.UniqueConstraint(fields=["practice", "slug"], condition=~models.Q(slug=""), name="location_address_once"),
        ]

    @property
    def address_slug(self) -> str:
        """Its part of an address on the public site."""
        return self.slug or slugify(self.name)

    def __str__(self) -> str:
        return self.name


class Chair(Referenced):
    """A chair in floor-plan order."""

    changes: ClassVar[tuple[str, ...]] = ("name", "position")
    device_role_may: ClassVar[str] = "select"

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="chairs")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Referenced.Meta):
        ordering = ["location_id", "position"]
        constraints = [models.UniqueConstraint(fields=["location", "name"], name="chair_name_once")]

    def __str__(self) -> str:
        return self.name
