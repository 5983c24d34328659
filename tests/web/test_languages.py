"""The second language: nothing of the pages is left out of it, it says the same with the same places, and a dose looks the same in both."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.forms import DateInput
from django.template import Context, Template
from django.utils import translation
from django.utils.translation.template import templatize

from tests import factories
from tests.factories import visit
from tests.web.people.desk import anyone, signed_in, words_of
from winddown.domain.sessions.phase import PHASES
from winddown.domain.sessions.scores import SCALES
from winddown.domain.vitals.kinds import KINDS
from winddown.record.scope import at_practice

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "winddown"
FOLDER = PACKAGE / "locale" / "es" / "LC_MESSAGES"
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}|</?\w+>")
CALLS = {"_", "__", "lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "pgettext_lazy", "npgettext"}
SPANISH = {"HTTP_ACCEPT_LANGUAGE": "es-MX,es;q=0.9"}


@dataclass
class Entry:
    """One sentence of the catalogue as it stands in the file."""

    flags: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> tuple[str, str]:
        return self.fields.get("msgctxt", ""), self.fields["msgid"]

    @property
    def sources(self) -> list[str]:
        return [text for name, text in self.fields.items() if name.startswith("msgid")]

    @property
    def translations(self) -> list[str]:
        return [text for name, text in self.fields.items() if name.startswith("msgstr")]


def catalogue() -> list[Entry]:
    found, name = [Entry()], ""
    for line in (FOLDER / "django.po").read_text(encoding="utf-8").splitlines():
        if not line:
            found.append(Entry())
        elif line.startswith("#,"):
            found[-1].flags |= {flag.strip() for flag in line[2:].split(",")}
        elif not line.startswith("#"):
            if not line.startswith('"'):
                name, line = line.split(" ", 1)
            found[-1].fields[name] = found[-1].fields.get(name, "") + ast.literal_eval(line)
    return [entry for entry in found if entry.fields.get("msgid")]


def places(text: str) -> list[str]:
    return sorted(PLACES.findall(text))


def marked() -> Iterator[tuple[str, str]]:
    """Every sentence that a template or a view marks, read from the sources themselves."""
    for path in (PACKAGE / "web" / "templates").rglob("*.html"):
        yield from _calls(_readable(templatize(path.read_text(encoding="utf-8"))))
    for path in PACKAGE.rglob("*.py"):
        if "gettext" in (text := path.read_text(encoding="utf-8")):
            yield from _calls(text)


def _readable(code: str) -> str:
    """What Django makes of a template for its extractor: the calls stand between crosses, which Python cannot read."""
    literal = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\"\"\".*?\"\"\")"""
    return "\n".join(call[0] + ")" for call in re.finditer(rf"\b(?:n?p?gettext|_)\(\s*{literal}(?:\s*,\s*{literal})*", code, re.S))


def _calls(code: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
            said = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if said:
                with_context = node.func.id.startswith(("pgettext", "npgettext"))  # type: ignore[attr-defined]
                yield (said[0], said[1]) if with_context else ("", said[0])


def test_every_marked_sentence_of_the_pages_stands_in_the_catalogue():
    known = {entry.id for entry in catalogue()}
    wanted = set(marked())
    assert len(wanted) > 1000
    assert not wanted - known, f"run `python tools/messages.py` and translate: {sorted(wanted - known)[:20]}"


def test_every_sentence_of_the_catalogue_is_translated_and_none_is_a_guess():
    entries = catalogue()
    assert [entry.id for entry in entries if not all(entry.translations)] == []
    assert [entry.id for entry in entries if "fuzzy" in entry.flags] == []
    assert len({entry.id for entry in entries}) == len(entries)


def test_a_translation_has_the_same_places_and_tags_as_its_sentence():
    wrong = []
    for entry in catalogue():
        allowed = [places(source) for source in entry.sources]
        wrong += [(entry.id[1], text) for text in entry.translations if places(text) not in allowed]
    assert wrong == []


def _numbers(text: str) -> list[str]:
    """Every number of a sentence; `1,000` is one number, and `1 000` the same."""
    return sorted(re.findall(r"\b\d+(?:[.,]\d+)?", re.sub(r"(?<=\d)[,\s](?=\d{3}\b)", "", text)))


def test_a_translation_keeps_the_white_space_and_every_number_of_its_sentence():
    wrong = []
    for entry in catalogue():
        for text in entry.translations:
            source = entry.sources[0]
            ends = (source[:1].isspace(), source[-1:].isspace()) == (text[:1].isspace(), text[-1:].isspace())
            numbers = _numbers(source) == _numbers(text)
            wrong += [] if ends and numbers else [(source, text)]
    assert wrong == []


def test_what_is_compiled_is_what_is_written():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    written = {}
    for entry in catalogue():
        context, sentence = entry.id
        key = f"{context}\x04{sentence}" if context else sentence
        if len(entry.translations) == 1:
            written[key] = entry.translations[0]
        else:
            written |= {(key, number): text for number, text in enumerate(entry.translations)}
    assert {key: text for key, text in compiled.items() if key} == written


def test_words_that_pages_take_from_the_domain_are_in_the_catalogue():
    known = {entry.id[1] for entry in catalogue()}
    levels = [level.words for scale in SCALES.values() for level in scale.levels]
    words = {*PHASES.values(), *(kind.words for kind in KINDS.values()), *(scale.words for scale in SCALES.values()), *levels}
    assert words - {""} - known == set()


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("A predicted level, not a discharge criterion.", "Un nivel previsto, no un criterio de alta."),
        ("Second display: watch the patient and the monitor.", "Pantalla secundaria: vigile al paciente y el monitor."),
        ("calibrated on simulated patients only", "calibrado solo con pacientes simulados"),
        ("Winddown advises and records; it never commands a pump.", "Winddown aconseja y registra; nunca da órdenes a una bomba."),
        ("Discharge signed: criteria recorded", "Alta firmada: criterios registrados"),
        ("No limit of this protocol is passed by the numbers entered.", "Los números ingresados no pasan ningún límite de este protocolo."),
    ],
)
def test_a_caution_keeps_its_exact_sense(english, spanish):
    with translation.override("es"):
        assert translation.gettext(english) == spanish


def test_a_dose_keeps_its_point_in_every_language():
    dose = Template("{% load l10n %}{{ rate }}|{{ per_kg }}|{{ rate|floatformat:1 }}|{{ total }}")
    values = Context({"rate": Decimal("52.5"), "per_kg": 0.75, "total": 1200})
    for language in ("en", "es"):
        with translation.override(language):
            assert dose.render(values) == "52.5|0.75|52.5|1200"


def test_a_date_field_holds_what_a_browser_can_read_in_every_language():
    for language in ("en", "es"):
        with translation.override(language):
            assert DateInput().format_value(date(2026, 3, 4)) == "2026-03-04"


def test_a_short_date_in_spanish_has_its_month_in_letters():
    with translation.override("es"):
        assert Template('{{ day|date:"SHORT_DATE_FORMAT" }}').render(Context({"day": date(2026, 3, 4)})) == "4 Mar 2026"


@pytest.fixture
def running(house):
    """A house with an infusion that runs at 52.5 mL/h since ten minutes."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        session = factories.session(house, start=now - timedelta(minutes=20), now=now - timedelta(hours=1))
        visit.make_ready(house, session, now - timedelta(minutes=20))
        visit.start(house, session, now - timedelta(minutes=10))
    return house, session


def test_the_pages_speak_spanish_to_a_spanish_browser(running):
    house, session = running
    client = signed_in(house, "nurse")
    for path, words in {
        "/accounts/login/": ("Ingresar", "Contraseña"),
        "/board/": ("Tablero", "En infusión"),
        "/patients/": ("Pacientes", "Paciente nuevo"),
        f"/sessions/{session.ref}/": ("Pantalla secundaria", "Dosis hasta ahora", "sin alergias conocidas"),
    }.items():
        response = (anyone() if "accounts" in path else client).get(path, **SPANISH)
        page = words_of(response)
        assert response.status_code == 200
        assert '<html lang="es"' in page, path
        for word in words:
            assert word in page, (path, word)


def test_no_number_of_a_spanish_chart_has_a_decimal_comma(running):
    house, session = running
    client = signed_in(house, "prescriber")
    for path in ("/board/", f"/sessions/{session.ref}/", f"/sessions/{session.ref}/rate/", f"/orders/{session.order.ref}/"):
        page = words_of(client.get(path, **SPANISH))
        shown = re.sub(r"<[^>]*>", " ", re.sub(r"<svg.*?</svg>", " ", page, flags=re.S))
        assert re.findall(r"\d,\d+ ?(?:<\w+>)?(?:mg|mL|kg|ng|mcg|%)", shown) == [], path
    assert "52.5" in words_of(client.get(f"/orders/{session.order.ref}/", **SPANISH))


def test_the_language_is_chosen_on_the_page_and_kept_for_the_next(house):
    client = anyone()
    back = client.post("/language/", {"language": "es", "next": "/accounts/login/"})
    assert (back.status_code, back.headers["Location"]) == (302, "/accounts/login/")
    assert '<html lang="es"' in words_of(client.get("/accounts/login/"))
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert '<html lang="en"' in words_of(client.get("/accounts/login/", **SPANISH))


def test_the_choice_of_language_leads_to_no_other_house(house):
    back = anyone().post("/language/", {"language": "es", "next": "https://elsewhere.example.test/"})
    assert back.headers["Location"] == "/"
