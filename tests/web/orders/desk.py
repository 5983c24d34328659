"""A prescriber at the order page: what the form holds, what is typed, and what the page then says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from typing import Any

from tests import factories
from tests.web.people.desk import signed_in
from winddown.record.models import Order
from winddown.record.scope import at_practice
from winddown.services import orders, patients

MOOD, CRPS = "mood-half-mg-per-kg-40min", "crps-outpatient-4h"


def text_of(response: Any) -> str:
    """What a reader sees: tags away, spaces one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))).strip()


class _Fields(HTMLParser):
    """What a browser would send of one form, fields that name the form from outside included."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "select":
            self._select = told.get("name", "")
        elif tag == "option" and self._select and ("selected" in told or self._select not in self.values):
            self.values[self._select] = told.get("value", "")
        elif tag == "input" and told.get("name"):
            self._input(told)

    def handle_data(self, data: str) -> None:
        if self._select and self.values.get(self._select) == "" and data.strip():
            self.values[self._select] = data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""

    def _input(self, told: dict[str, str]) -> None:
        if told.get("type") in ("checkbox", "radio"):
            if "checked" in told:
                self.values[told["name"]] = told.get("value", "on")
        else:
            self.values[told["name"]] = told.get("value", "")


def fields(response: Any) -> dict[str, str]:
    """The order form as it stands on a page."""
    html = response.content.decode()
    begin = html.index('id="order-form"')
    parser = _Fields()
    parser.feed(html[html.rindex("<form", 0, begin) : html.index("</main>", begin)])
    return parser.values


class Desk:
    """One prescriber, one patient, one course."""

    def __init__(
        self, house: Any, *, key: str = MOOD, weight_kg: str = "70", height_cm: str = "172", allergies: tuple[str, ...] = ()
    ) -> None:
        self.house, self.browser = house, signed_in(house, "prescriber")
        now = datetime.now(tz=UTC)
        with at_practice(house.id):
            self.patient = factories.patient(house, now=now, weight_kg=weight_kg)
            patients.learn(self.patient, "height", {"height_cm": height_cm}, by=house.nurse, observed_at=now, now=now)
            for substance in allergies:
                patients.learn(self.patient, "allergy", {"substance": substance}, by=house.nurse, observed_at=now, now=now)
            protocol = factories.protocol(house, key, now=now)
            self.course = orders.open_course(self.patient, protocol, indication="fictional", by=house.prescriber, now=now)
        self.url = f"/courses/{self.course.ref}/orders/new/"

    def opened(self, url: str = "") -> dict[str, str]:
        return fields(self.browser.get(url or self.url))

    def sends(self, *, url: str = "", do: str = "keep", **typed: str) -> Any:
        """The form as it opened, with what was typed over it."""
        return self.browser.post(url or self.url, self.opened(url) | {"do": do} | typed)

    def own_dose(self, amount: str, unit: str, minutes: str = "40", **typed: str) -> Any:
        return self.sends(rows="1", amount_0=amount, unit_0=unit, minutes_0=minutes, **typed)

    def kept(self, **typed: str) -> Order:
        """An order that was kept, not signed."""
        answer = self.sends(**typed)
        assert answer.status_code == 302, text_of(answer)
        with at_practice(self.house.id):
            return Order.objects.select_related("course__protocol", "patient").get(ref=answer["Location"].split("/")[2])

    def signs(self, order: Order, role: str = "prescriber") -> Any:
        return signed_in(self.house, role).post(f"/orders/{order.ref}/sign/")

    def count(self) -> int:
        with at_practice(self.house.id):
            return Order.objects.filter(course=self.course).count()
