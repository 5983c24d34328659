"""The papers of the house name files, tests, commands and words that exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.specs import tables
from winddown.commands import main

ROOT = Path(__file__).resolve().parents[2]
PAPERS = [
    *(ROOT / name for name in ("README.md", "SAFETY.md", "GLOSSARY.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
ROOTS = ("src/", "tests/", "docs/", "scenarios/", "tools/", "benchmarks/", "requirements/")
NAMED = re.compile(r"`((?:" + "|".join(ROOTS) + r")[\w./*-]+)(?:::(\w+))?`")
LINKED = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)(?:#[\w-]+)?\)")


def named_paths(text: str) -> set[tuple[str, str]]:
    return {(found[1], found[2] or "") for found in NAMED.finditer(text)}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_file_and_test_that_a_paper_names_exists(paper):
    wrong = []
    for path, test in named_paths(paper.read_text(encoding="utf-8")):
        found = ROOT / path
        if not (found.exists() or ("*" in path and any(ROOT.glob(path)))):
            wrong.append(path)
        elif test and not re.search(rf"^\s*(?:async )?def {test}\(", found.read_text(encoding="utf-8"), re.MULTILINE):
            wrong.append(f"{path}::{test}")
    assert sorted(wrong) == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_link_of_a_paper_leads_to_a_file(paper):
    links = {link for link in LINKED.findall(paper.read_text(encoding="utf-8")) if "://" not in link and not link.startswith("mailto:")}
    assert sorted(link for link in links if not (paper.parent / link).exists()) == []


def test_every_picture_of_the_readme_is_there():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert pictures
    if not (ROOT / "docs" / "images").exists():
        pytest.skip("no picture has been taken yet")
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def test_every_hazard_names_what_answers_it_and_a_test_that_proves_it():
    rows = [row for row in tables.rows(ROOT / "SAFETY.md") if "Hazard" in row]
    assert len(rows) > 40
    for row in rows:
        assert any(path.startswith(("src/", "docs/")) for path, _ in named_paths(row["What answers it"])), row["Hazard"]
        assert any(path.startswith("tests/") and test for path, test in named_paths(row["What proves it"])), row["Hazard"]


def test_safety_opens_with_what_the_software_must_not_be_trusted_for():
    text = (ROOT / "SAFETY.md").read_text(encoding="utf-8")
    assert text.index("must not be trusted for") < text.index("| Hazard |")


def test_every_dependency_has_a_record_of_its_choice():
    names = [re.split(r"[\[=<>~ ]", each)[0] for each in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]]
    records = "\n".join(path.read_text(encoding="utf-8").lower() for path in (ROOT / "docs" / "adr").glob("*.md"))
    assert [name for name in names if name.lower() not in records] == []


def test_the_readme_lists_the_commands_that_are_there_in_their_own_words():
    rows = [row for row in tables.rows(ROOT / "README.md") if "Command" in row]
    listed = {row["Command"].strip("`").removeprefix("winddown "): row["What it does"] for row in rows}
    assert listed == {name: main.COMMANDS[name] for name in main.offered()}


def test_the_readme_gives_the_sign_ins_of_the_demonstration():
    from winddown.commands.fiction import cast

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [person.email for person in cast.STAFF if person.shown and f"`{person.email}`" not in text] == []
    assert f"`{cast.PASSWORD}`" in text
    assert f"`{cast.PIN}`" in text


def test_every_role_status_and_label_has_a_word_in_the_glossary():
    from typing import get_args

    from winddown.domain.alarms import condition
    from winddown.domain.alarms import lifecycle as alarm_life
    from winddown.domain.sessions import gate_line, lifecycle
    from winddown.domain.vitals import reading

    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    words = {
        *lifecycle.STATUSES,
        *reading.LABELS,
        *condition.TIERS,
        *alarm_life.STATUSES,
        *get_args(gate_line.State),
        *get_args(condition.Severity),
    }
    assert sorted(word for word in words if f"`{word}`" not in glossary) == []


def test_every_runbook_and_record_of_a_choice_can_be_found_from_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    runbooks = [path.name for path in (ROOT / "docs" / "runbooks").glob("*.md") if f"docs/runbooks/{path.name}" not in readme]
    assert runbooks == []
    assert "docs/adr" in readme
