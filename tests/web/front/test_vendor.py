"""What is vendored is what its table says, and no template asks the browser for what the content security policy forbids."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
WEB = HERE.parents[2] / "src" / "winddown" / "web"
FOLDERS = [WEB / "static" / "vendor", HERE / "vendor" / "axe"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_vendored_file_has_the_hash_of_its_table_and_a_licence_beside_it(folder: Path) -> None:
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in (folder / "VENDOR.md").read_text().splitlines()
        if line.startswith("| ")
    ]
    told = {row[0]: row[-1] for row in rows if row[0] != "file"}
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.suffix in (".js", ".css")
    }
    assert told == found
    assert all((folder / name).parent.joinpath("LICENSE").is_file() for name in told)


def test_no_vendored_file_points_at_a_source_map() -> None:
    assert [path.name for path in FOLDERS[0].rglob("*.*s") if "sourceMappingURL" in path.read_text()] == []


def test_no_template_has_an_inline_style_an_inline_handler_or_an_inline_script() -> None:
    forbidden = re.compile(r"\sstyle=|\son[a-z]+=|hx-on|<style|<script(?![^>]*(?:src=|application/(?:ld\+)?json))", re.IGNORECASE)
    wrong = {
        str(path.relative_to(WEB)): forbidden.findall(path.read_text())
        for path in WEB.rglob("*.html")
        if forbidden.search(path.read_text())
    }
    assert wrong == {}


def test_every_sentence_that_a_script_shows_is_in_the_page_to_be_translated() -> None:
    templates = WEB / "templates"
    scripts = {path.name: set(re.findall(r'\bword\(\s*"(\w+)"', path.read_text())) for path in (WEB / "static" / "js").rglob("*.js")}
    kept = scripts.pop("kept.js")
    assert set().union(*scripts.values()) - _sentences(templates / "components" / "words.html") == set()
    forms = [path for path in templates.rglob("*.html") if 'id="kept-words"' in path.read_text()]
    assert len(forms) >= 2
    assert {path.name: kept - _sentences(path) for path in forms if kept - _sentences(path)} == {}


def _sentences(path: Path) -> set[str]:
    return set(re.findall(r'data-word="(\w+)"', path.read_text()))
