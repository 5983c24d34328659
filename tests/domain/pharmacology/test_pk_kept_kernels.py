"""What is kept compiled is made anew when a neighbor changes that it calls."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from winddown.domain.pharmacology.kernels import compiler

CALLER = "from room.compiler import compiled\nfrom room.neighbor import told\n\n\n@compiled\ndef ask():\n    return told()\n"
NEIGHBOR = "from room.compiler import compiled\n\n\n@compiled\ndef told():\n    return {}\n"
ASK = "from room.caller import ask; print(ask(), sum(ask.stats.cache_hits.values()))"


def asked(folder: Path) -> list[int]:
    """What a new process is answered, and how often it found its machine code kept."""
    done = subprocess.run([sys.executable, "-B", "-c", ASK], cwd=folder, capture_output=True, text=True, check=True)
    return [int(word) for word in done.stdout.split()]


def test_a_changed_neighbor_is_compiled_anew_and_an_unchanged_one_is_not(tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    shutil.copy(compiler.__file__, room / "compiler.py")
    (room / "__init__.py").write_text("")
    (tmp_path / "compartments.py").write_text("")
    (room / "caller.py").write_text(CALLER)
    (room / "neighbor.py").write_text(NEIGHBOR.format(1))
    assert asked(tmp_path) == [1, 0]
    assert asked(tmp_path) == [1, 1]
    (room / "neighbor.py").write_text(NEIGHBOR.format(2))
    assert asked(tmp_path) == [2, 0]
