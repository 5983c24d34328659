"""Everything the practice holds, in open formats, for itself; and a form for researchers without names, dates and free text."""

from __future__ import annotations

from winddown.services.exports.runs import (
    ask,
    carry_out,
    file_of,
    folder_of,
    key_file_of,
    needed_for,
    newest,
    note_key_taken,
    note_taken,
    waiting,
)
from winddown.services.exports.writing import FORMS, Step, export, key_of

__all__ = [
    "FORMS",
    "Step",
    "ask",
    "carry_out",
    "export",
    "file_of",
    "folder_of",
    "key_file_of",
    "key_of",
    "needed_for",
    "newest",
    "note_key_taken",
    "note_taken",
    "waiting",
]
