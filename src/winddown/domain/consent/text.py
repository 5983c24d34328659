"""A consent text as plain lines that a director can read, change and sign, and the hash of exactly what was signed.

# the title
## key: a heading            a paragraph of the text; its key is named by the questions
lines of the paragraph
{figures}                    the table of risks stands here
? paragraph: a question      three of them; the paragraph opens again after a wrong answer
+ the right answer
- a wrong answer
! off_label: a statement     acknowledged apart, with a time of its own
! regulator: a statement
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from winddown.domain.refusals import Refusal

QUESTIONS = 3
STATEMENTS = ("off_label", "regulator")
FIGURES = "{figures}"


class TextUnclear(Refusal):
    """A consent text that cannot be used; `where` is the field, the sentence names the line."""


@dataclass(frozen=True)
class Paragraph:
    key: str
    heading: str
    lines: tuple[str, ...]

    @property
    def has_figures(self) -> bool:
        return FIGURES in self.lines

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(line for line in self.lines if line != FIGURES)


@dataclass(frozen=True)
class Question:
    """One question of understanding. `choices` in the order shown; `right` is the place of the right one, from 0."""

    paragraph: str
    ask: str
    choices: tuple[str, ...]
    right: int


@dataclass(frozen=True)
class ConsentText:
    """One language of one version."""

    title: str
    paragraphs: tuple[Paragraph, ...]
    questions: tuple[Question, ...] = ()
    statements: dict[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """The hash of the text as it was shown, over its plain data in one fixed order."""
        told = json.dumps(self.as_data(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()

    def as_data(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "paragraphs": [{"key": each.key, "heading": each.heading, "lines": list(each.lines)} for each in self.paragraphs],
            "questions": [
                {"paragraph": each.paragraph, "ask": each.ask, "choices": list(each.choices), "right": each.right}
                for each in self.questions
            ],
            "statements": dict(self.statements),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ConsentText:
        return cls(
            data["title"],
            tuple(Paragraph(each["key"], each["heading"], tuple(each["lines"])) for each in data["paragraphs"]),
            tuple(Question(each["paragraph"], each["ask"], tuple(each["choices"]), each["right"]) for each in data["questions"]),
            dict(data["statements"]),
        )

    def paragraph(self, key: str) -> Paragraph | None:
        return next((each for each in self.paragraphs if each.key == key), None)


def parse(source: str, *, where: str = "") -> ConsentText:
    """The text of plain lines. Refuses TextUnclear with the line that is not understood, and what a whole text must have."""
    title = ""
    paragraphs: list[tuple[str, str, list[str]]] = []
    questions: list[tuple[str, str, list[str], list[bool]]] = []
    statements: dict[str, str] = {}
    for number, raw in enumerate(source.splitlines(), 1):
        line = raw.strip()
        sign, rest = line[:2], line[2:].strip()
        if not line:
            continue
        if line.startswith("## "):
            key, heading = _pair(line[3:], number, where)
            paragraphs.append((key, heading, []))
        elif sign == "# ":
            title = rest
        elif sign == "? ":
            key, ask = _pair(rest, number, where)
            questions.append((key, ask, [], []))
        elif sign in ("+ ", "- ") and questions:
            questions[-1][2].append(rest)
            questions[-1][3].append(sign == "+ ")
        elif sign == "! ":
            key, words = _pair(rest, number, where)
            statements[key] = words
        elif paragraphs and not questions:
            paragraphs[-1][2].append(line)
        else:
            raise _unclear(f"Line {number} belongs to no paragraph: {line[:60]!r}.", where)
    text = ConsentText(
        title,
        tuple(Paragraph(key, heading, tuple(lines)) for key, heading, lines in paragraphs),
        tuple(_question(key, ask, choices, right, where) for key, ask, choices, right in questions),
        statements,
    )
    _check(text, where)
    return text


def write(text: ConsentText) -> str:
    """The plain lines of a text: what `parse` reads back as the same."""
    lines = [f"# {text.title}", ""]
    for paragraph in text.paragraphs:
        lines += [f"## {paragraph.key}: {paragraph.heading}", *paragraph.lines, ""]
    for key, words in text.statements.items():
        lines += [f"! {key}: {words}", ""]
    for question in text.questions:
        lines += [f"? {question.paragraph}: {question.ask}"]
        lines += [f"{'+' if place == question.right else '-'} {choice}" for place, choice in enumerate(question.choices)]
        lines.append("")
    return "\n".join(lines)


def _pair(text: str, number: int, where: str) -> tuple[str, str]:
    key, colon, words = text.partition(":")
    if not colon or not key.strip() or not words.strip():
        raise _unclear(f"Line {number} needs a key, a colon and words.", where)
    return key.strip(), words.strip()


def _question(key: str, ask: str, choices: list[str], right: list[bool], where: str) -> Question:
    if len(choices) < 2 or sum(right) != 1:
        raise _unclear(f"The question {ask[:60]!r} needs two choices or more, and exactly one right one.", where)
    return Question(key, ask, tuple(choices), right.index(True))


def _check(text: ConsentText, where: str) -> None:
    keys = [each.key for each in text.paragraphs]
    if not text.title or not keys:
        raise _unclear("A consent text needs a title and paragraphs.", where)
    if len(set(keys)) != len(keys):
        raise _unclear("Two paragraphs have one key.", where)
    if len(text.questions) != QUESTIONS:
        raise _unclear(f"A consent text has {QUESTIONS} questions; this one has {len(text.questions)}.", where)
    for question in text.questions:
        if question.paragraph not in keys:
            raise _unclear(f"No paragraph {question.paragraph!r} for the question {question.ask[:60]!r}.", where)
    missing = [each for each in STATEMENTS if each not in text.statements]
    if missing:
        raise _unclear(f"The statement {missing[0]!r} is missing: it is acknowledged apart.", where)


def _unclear(because: str, where: str) -> TextUnclear:
    return TextUnclear(because=because, way_out="Mend that line and send again; nothing was changed.", code="consent_text", where=where)


def alike(one: ConsentText, other: ConsentText) -> bool:
    """Whether two languages have the same paragraphs, questions and right answers: nobody signs another thing in another language."""

    def shape(text: ConsentText) -> object:
        asked = [(each.paragraph, len(each.choices), each.right) for each in text.questions]
        return [each.key for each in text.paragraphs], asked, sorted(text.statements)

    return shape(one) == shape(other)
