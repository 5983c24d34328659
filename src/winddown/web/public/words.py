"""A text of the site as a page shows it: Markdown without HTML or pictures, headings to link to, sources numbered under the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from winddown.domain.public_site.citations import CITATIONS, MARK, Citation, cited
from winddown.domain.public_site.packaged import PARTS

_PART = re.compile(r"^\{(" + "|".join(PARTS) + r")\}$", re.M)
_MARKED = re.compile(r"\s*" + MARK.pattern)
_READER = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])


@dataclass(frozen=True)
class Piece:
    """Either words, or the name of a part that the page itself draws."""

    html: SafeString
    part: str = ""


@dataclass(frozen=True)
class Page:
    """pieces in order; headings as (id, words); sources in the order in which they are first named."""

    pieces: tuple[Piece, ...]
    headings: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, Citation], ...]


@lru_cache(maxsize=256)
def page(body: str) -> Page:
    keys = cited(body)
    split = _PART.split(body)
    headings: list[tuple[str, str]] = []
    pieces = []
    for place, words in enumerate(split):
        if place % 2:
            pieces.append(Piece(SafeString(""), words))
        elif words.strip():
            pieces.append(Piece(_html(words, keys, headings)))
    sources = tuple((key, CITATIONS[key]) for key in keys)
    return Page(tuple(pieces), tuple(headings), sources)


def _html(words: str, keys: Sequence[str], headings: list[tuple[str, str]]) -> SafeString:
    tokens = _READER.parse(words)
    _lower_the_headings(tokens, headings)
    _label_the_cells(tokens)
    html = _READER.renderer.render(tokens, _READER.options, {})
    return mark_safe(_MARKED.sub(lambda found: _mark(found.group(1), keys), html))


def _lower_the_headings(tokens: list[Token], headings: list[tuple[str, str]]) -> None:
    """The page's own title is its only h1."""
    for place, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        level = min(4, max(2, int(token.tag[1])))
        token.tag = f"h{level}"
        if token.type == "heading_open":
            title = MARK.sub("", tokens[place + 1].content).strip()
            address = slugify(title) or f"part-{len(headings) + 1}"
            token.attrSet("id", address)
            if level == 2:
                headings.append((address, title))


def _label_the_cells(tokens: list[Token]) -> None:
    """Each cell says its column, so that a phone can show a row as a card."""
    columns: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "thead_open":
            columns = []
        elif token.type == "th_open":
            columns.append(tokens[place + 1].content)
            token.attrSet("scope", "col")
        elif token.type == "tr_open":
            column = 0
        elif token.type == "td_open":
            token.attrSet("data-label", columns[column] if column < len(columns) else "")
            column += 1


def _mark(key: str, keys: Sequence[str]) -> str:
    number = keys.index(key) + 1
    return f'<sup class="cite"><a href="#source-{escape(key)}" title="{escape(CITATIONS[key].words)}">{number}</a></sup>'


def plain(words: str) -> str:
    """A line without marks, for a description that machines read."""
    return _MARKED.sub("", words).strip()


def answer(words: str) -> Any:
    """A clinician's answer: paragraphs, lists and links, nothing else."""
    return mark_safe(_READER.render(_MARKED.sub("", words)))
