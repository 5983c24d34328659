"""Everything the practice holds, in open formats, for itself; and a form for researchers without names, dates and free text."""

from __future__ import annotations

from winddown.services.exports.runs import ask, carry_out, file_of, folder_of, newest, note_taken, waiting
from winddown.services.exports.writing import Step, export

__all__ = ["Step", "ask", "carry_out", "export", "file_of", "folder_of", "newest", "note_taken", "waiting"]
