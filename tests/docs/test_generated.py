"""The generated pages of the manual say what the code says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import generate_docs

from tests.specs import tables

ROOT = Path(__file__).resolve().parents[2]


def test_every_generated_page_is_current():
    assert generate_docs.stale() == []


def test_a_page_that_was_edited_by_hand_removed_or_added_is_named(tmp_path):
    folder = tmp_path / "generated"
    shutil.copytree(generate_docs.FOLDER, folder)
    alarms = folder / "alarms.md"
    alarms.write_text(alarms.read_text(encoding="utf-8").replace("180", "190", 1), encoding="utf-8")
    (folder / "settings.md").unlink()
    (folder / "left-over.md").write_text("# Nobody makes this\n", encoding="utf-8")
    assert generate_docs.stale(folder) == ["alarms.md", "left-over.md", "settings.md"]


def test_every_setting_named_anywhere_in_the_runbooks_is_on_the_settings_page():
    page = (generate_docs.FOLDER / "settings.md").read_text(encoding="utf-8")
    known = set(re.findall(r"WINDDOWN_[A-Z_]+", page))
    named = {
        name for path in (ROOT / "docs").rglob("*.md") for name in re.findall(r"WINDDOWN_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))
    }
    assert named - known == set()


def test_every_door_of_a_page_is_in_the_table_of_permissions():
    page = (generate_docs.FOLDER / "permissions.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([\w.]+)` \|", page, re.MULTILINE))
    web = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "winddown" / "web").rglob("*.py"))
    asked = set(re.findall(r'@\w+\("(\w+\.\w+)"', web))
    assert asked
    assert asked <= listed


def test_no_figure_on_the_page_of_protocols_stands_without_source_and_status():
    rows = [row for row in tables.rows(generate_docs.FOLDER / "protocols.md") if "Figure" in row]
    assert len(rows) > 100
    assert [row for row in rows if not row["Source"] or row["Status"] not in ("published", "derived", "unverified")] == []
