"""Every address of the house, found by itself, and what it takes to fill one in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.urls import URLResolver

from winddown.services import permissions
from winddown.web import urls as house_urls

OF_A_PATIENT = ("patients.ref", "orders.ref", "sessions.ref")
# Views that ask for a second permission inside: the front desk writes phones, not clinical facts.
STRICTER = {
    "patients/<uuid:ref>/facts/<slug:kind>/": frozenset({permissions.FRONT_DESK}),
    "patients/<uuid:ref>/facts/<uuid:fact>/correct/": frozenset({permissions.FRONT_DESK}),
    "patients/<uuid:ref>/facts/<uuid:fact>/end/": frozenset({permissions.FRONT_DESK}),
}


@dataclass(frozen=True)
class Address:
    """One pattern with its view; `parameters` are named as `samples` names them."""

    route: str
    view: Any
    parameters: dict[str, str] = field(hash=False)

    def filled(self, values: dict[str, Any]) -> str:
        path = self.route
        for written, name in self.parameters.items():
            path = path.replace(written, str(values[name]))
        return "/" + path

    @property
    def allowed(self) -> frozenset[str]:
        return permissions.PERMISSIONS[self.view.permission] - STRICTER.get(self.route, frozenset())

    @property
    def is_chart(self) -> bool:
        bound = any(name in OF_A_PATIENT for name in self.parameters.values())
        return bound and (self.view.permission == "chart.read" or self.route.startswith("patients/")) and not self.view.is_background


def addresses(entries: list[Any] = house_urls.urlpatterns, prefix: str = "") -> Iterator[Address]:
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        else:
            yield Address(route, entry.callback, _parameters(route))


def _parameters(route: str) -> dict[str, str]:
    """`<uuid:ref>` after patients/ is `patients.ref`; any other name stands for the same object wherever it appears."""
    named = {}
    for before, after in pairwise(route.split("<")):
        written = after.split(">")[0]
        kind = before.rstrip("/").split("/")[-1]
        name = written.split(":")[-1]
        named[f"<{written}>"] = f"{kind}.{name}" if name in ("ref", "pk") else name
    return named


EVERY = list(addresses())
GUARDED = [address for address in EVERY if not getattr(address.view, "is_public", True)]


def body(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")
