"""What a command says while it works: to the person at the terminal, never into its result."""

from __future__ import annotations

import sys


def say_to_person(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
