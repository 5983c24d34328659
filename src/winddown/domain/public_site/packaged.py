"""The shipped therapy page: a template in English and Spanish. Nothing of it is public before a clinician of the practice approved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

LANGUAGES = ("en", "es")
PARTS = ("pinprick", "off-label", "room")


@dataclass(frozen=True)
class Words:
    """A text as an editor writes it. body: Markdown, with `[@KEY]` for a source and `{part}` alone on a line for a part of the page."""

    title: str
    summary: str
    body: str


@lru_cache
def therapy() -> Mapping[str, Words]:
    """The template by language."""
    texts = files("winddown.domain.public_site") / "texts"
    return {language: _read((texts / f"therapy.{language}.md").read_text(encoding="utf-8")) for language in LANGUAGES}


def _read(text: str) -> Words:
    title, summary, body = text.split("\n", 2)
    return Words(title.removeprefix("# ").strip(), summary.strip(), body.strip())
