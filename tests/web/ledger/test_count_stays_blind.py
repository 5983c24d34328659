"""The count's page gives nothing away before both have signed, and pages cost the same however full the shelf is."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tests import factories
from tests.factories import shelf
from tests.web.people.desk import queries, signed_in
from winddown.record.models import StockCount
from winddown.record.scope import at_practice
from winddown.services import counts


def begun(house, vials: int):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        shelf.registered(house, now=now)
        shelf.product(house, now=now)
        if vials:
            shelf.received(house, vials, now=now)
        return counts.begin(house.location, kind="shift", by=house.nurse, now=now)


def words(page: bytes) -> str:
    """The page without what differs from one asking to the next: keys, tokens, names of the practice, references."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{64}|house-[0-9-]+", "", page.decode())
    return re.sub(r'data-(user|live-after)="[0-9]*"|p-[0-9]+|(sealed|opened|ml)-[0-9]+', "", text)


def test_the_page_of_a_count_is_the_same_whether_seven_vials_are_expected_or_none(urls):
    pages = []
    for vials in (0, 7):
        house = factories.house(urls)
        count = begun(house, vials)
        pages.append(words(signed_in(house, "nurse").get(f"/ledger/counts/{count.ref}/").content))
    assert pages[0] == pages[1]
    assert "Ketamine 50 mg/mL" in pages[0]


def test_two_pins_close_a_count_and_one_pin_does_not(house):
    count = begun(house, 2)
    with at_practice(house.id):
        (product,) = counts.to_count(house.location)
    nurse = signed_in(house, "nurse")
    typed = {f"sealed-{product.ref}": "2", f"opened-{product.ref}": "0", "own_pin": factories.PIN}
    assert nurse.post(f"/ledger/counts/{count.ref}/", typed).status_code == 422
    wrong = typed | {"own_pin": "000000", "second": house.nurse_2.ref, "second_pin": factories.PIN}
    assert nurse.post(f"/ledger/counts/{count.ref}/", wrong).status_code == 422
    assert nurse.post(f"/ledger/counts/{count.ref}/", wrong | {"own_pin": factories.PIN}).status_code == 302
    with at_practice(house.id):
        assert StockCount.objects.get().status == "agrees"


def test_the_shelf_asks_the_database_as_often_for_one_vial_as_for_thirty(urls):
    asked = []
    for vials in (1, 30):
        house = factories.house(urls)
        begun(house, vials)
        asked.append(queries(signed_in(house, "drug_officer"), "/ledger/"))
    assert asked[0] == asked[1]
