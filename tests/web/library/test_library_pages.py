"""The library on the screen: words first, guesses marked, refusals with the reason, and no question to the database but the door's."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.web.orders.desk import text_of
from tests.web.people.desk import signed_in
from winddown.domain.pharmacology import library, models
from winddown.domain.pharmacology.effects import EVERY
from winddown.domain.pharmacology.model import guessed
from winddown.record.models import AuditEntry
from winddown.record.scope import at_practice
from winddown.services import effects_ahead

NOW = datetime.now(tz=UTC)


@pytest.fixture
def prescriber(house):
    return signed_in(house, "prescriber")


def test_the_shelf_names_every_model_effect_and_refusal_with_its_reason(prescriber):
    text = text_of(prescriber.get("/models/"))
    for model in models.all():
        assert model.card.name in text
    for entry in library.EFFECTS.values():
        assert entry.sheet.name in text
    for why in (*models.NOT_FOR_ADULTS_INTRAVENOUSLY.values(), *models.NOTHING_TO_RUN.values()):
        assert why.replace("'", "&#x27;") in text or why in text


@pytest.mark.parametrize("name", [*models.RUNNABLE, *library.EFFECTS])
def test_every_page_marks_each_guess_and_no_other_figure(prescriber, name):
    html = prescriber.get(f"/models/{name}/").content.decode()
    table = library.EFFECTS[name].table if name in library.EFFECTS else models.read(name).table
    assert html.count('class="wd-guess"') == len(guessed(table))
    for parameter in table:
        assert f"<b>{parameter.value:g}</b>" in html


@pytest.mark.parametrize("name", models.NOT_FOR_ADULTS_INTRAVENOUSLY)
def test_a_model_for_others_says_first_that_it_is_refused_for_adults(prescriber, name):
    text = text_of(prescriber.get(f"/models/{name}/"))
    assert text.index("Refused for adult infusions") < text.index("In words")


def test_what_misses_the_goal_is_marked_and_what_hangs_on_an_assumed_weight_says_so(prescriber):
    html = prescriber.get("/models/pk_rs_default/").content.decode()
    assert re.search(r"wd-level-watch.{0,900}Metabolites, arterial blood: people had 29 % more", html, re.S)
    assert "That hangs on weights nobody published: 5 kg more" in html


def test_the_venous_like_output_is_said_to_drive_nothing(prescriber):
    assert "for comparison with venous samples only" in text_of(prescriber.get("/models/pk_rs_default/"))


def test_figures_that_make_no_model_are_refused_and_unknown_names_are_not_found(prescriber):
    refused = prescriber.get("/models/pk_s_ashraf2018_ddi/")
    assert refused.status_code == 422 and "liver-flow" in text_of(refused)
    assert prescriber.get("/models/pk_guess/").status_code == 404


def test_the_front_desk_has_no_business_here(house):
    assert signed_in(house, "front_desk").get("/models/").status_code == 403


def test_a_page_asks_the_database_no_more_for_many_pictures_than_for_one_and_is_quick_once_drawn(prescriber):
    counts, took = [], 0.0
    prescriber.get("/models/")
    for name in ("pk_rs_default", "pk_rac_hornik2018", "pk_rs_default"):
        with CaptureQueriesContext(connection) as asked:
            begin = time.perf_counter()
            prescriber.get(f"/models/{name}/")
            took = time.perf_counter() - begin
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert took < 0.15


def test_a_page_in_spanish_speaks_spanish_around_the_english_sources(prescriber):
    page = prescriber.get("/models/pk_rs_default/", headers={"Accept-Language": "es"})
    text = text_of(page)
    assert "Junto a lo medido" in text and "Ketamina, sangre arterial" in text


def test_an_order_shows_every_effect_and_metabolite_with_its_rating(house):
    with at_practice(house.id):
        patient = factories.patient(house, now=NOW)
        order = factories.order(house, patient, now=NOW)
    page = signed_in(house, "prescriber").get(f"/orders/{order.ref}/effects/")
    text = text_of(page)
    assert page.content.decode().count('<svg class="wd-ev"') >= len(effects_ahead.METABOLITES) + sum(len(each.scales) for each in EVERY)
    for words in ("S-hydroxynorketamine", "S-norketamine", "Cardiac output", "NMDA receptor occupancy", "Nearness to anesthesia"):
        assert words in text
    assert text.count("never ranks, chooses or gates a dose") >= 7
    assert "Calibrated on simulated patients only" in text


def test_the_effects_of_an_order_leave_a_line_and_are_not_for_the_front_desk(house):
    with at_practice(house.id):
        patient = factories.patient(house, now=NOW)
        order = factories.order(house, patient, now=NOW)
    assert signed_in(house, "front_desk").get(f"/orders/{order.ref}/effects/").status_code == 403
    signed_in(house, "nurse").get(f"/orders/{order.ref}/effects/")
    with at_practice(house.id):
        assert AuditEntry.objects.filter(patient=patient, act="read chart", subject__startswith="effects of order").count() == 1


def test_the_forecast_of_an_order_leads_to_its_model_and_counts_the_guesses(house):
    with at_practice(house.id):
        patient = factories.patient(house, now=NOW)
        order = factories.order(house, patient, now=NOW)
    html = signed_in(house, "prescriber").get(f"/orders/{order.ref}/").content.decode()
    assert 'href="/models/pk_rs_default/"' in html
    assert "4 of its figures are guesses" in html
    assert f'href="/orders/{order.ref}/effects/"' in html
