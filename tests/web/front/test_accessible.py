"""Every page meets WCAG 2.2 AA as far as a checker can tell, in light and dark, on a desk and in a hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from front_stage import Open, comes_true

AXE = (Path(__file__).resolve().parent / "vendor" / "axe" / "axe.min.js").read_text()
RUN = """axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then((found) => found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" ")}`))"""
SIGHTS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]

pytestmark = pytest.mark.story


@pytest.mark.parametrize(("width", "scheme"), SIGHTS)
def test_the_chart_with_its_tables_and_a_what_if_open_has_no_violation(open_page: Open, width: int, scheme: str) -> None:
    watched = open_page("chart", width=width, scheme=scheme)
    watched.page.click("[data-table] summary")
    watched.page.fill("#what-if-rate", "80")
    comes_true(watched.page, "!document.querySelector('[data-order]').disabled")
    watched.page.evaluate(AXE)
    assert watched.page.evaluate(RUN) == []
    assert watched.complaints == []


@pytest.mark.parametrize("name", ["board", "parts", "patient", "signin"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_other_pages_have_no_violation(open_page: Open, name: str, width: int, scheme: str) -> None:
    watched = open_page(name, width=width, scheme=scheme)
    watched.page.evaluate(AXE)
    assert watched.page.evaluate(RUN) == []
    assert watched.complaints == []


@pytest.mark.parametrize("open_at", ["#two", "#lock"])
def test_open_dialogs_have_no_violation(open_page: Open, open_at: str) -> None:
    page = open_page("chart").page
    page.evaluate(f"document.querySelector('{open_at}').showModal()")
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []


@pytest.mark.parametrize(("name", "width"), [("chart", 1280), ("chart", 390), ("board", 390), ("parts", 390)])
def test_no_page_scrolls_sideways(open_page: Open, name: str, width: int) -> None:
    assert open_page(name, width=width).page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


CONTRASTS = """async () => {
  const { readPalette } = await import("/static/js/chart/palette.js");
  const colours = readPalette(document.querySelector("#chart"));
  const linear = (n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map((n) => linear(Number(n) / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const least = (name) => Math.min(ratio(colours[name], colours.card), ratio(colours[name], colours.veil));
  return Object.fromEntries(Object.keys(colours).map((name) => [name, least(name)]));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_the_canvas_have_contrast_four_and_a_half_and_lines_three(open_page: Open, scheme: str) -> None:
    ratios = open_page("chart", scheme=scheme).page.evaluate(CONTRASTS)
    words = ["ink", "ink_2", "watch", "act", "effect", "pulse", "ghost", "pressure"]
    lines = ["dose", "plasma", "norketamine", "second", "spo2", "breaths", "edge", "now"]
    assert {name: ratios[name] for name in words if ratios[name] < 4.5} == {}
    assert {name: ratios[name] for name in lines if ratios[name] < 3} == {}
