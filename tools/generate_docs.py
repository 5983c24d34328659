"""Writes docs/generated from the code, so that a page of the manual can never say something else than the program does.

`python tools/generate_docs.py` writes what changed; with `--check` it writes nothing, names what is stale and exits 1. No Django is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "generated"
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "src")]

from manual.body import scales_page  # noqa: E402 - needs the path above
from manual.clinic import alarms_page, protocols_page  # noqa: E402
from manual.house import permissions_page, settings_page  # noqa: E402
from manual.instruments import instruments_page  # noqa: E402
from manual.library import library_pages  # noqa: E402

from winddown.domain.alarms.defaults import default_limits  # noqa: E402
from winddown.domain.sessions import lifecycle  # noqa: E402


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    return {
        "alarms.md": alarms_page(default_limits()),
        "instruments.md": instruments_page(),
        "permissions.md": permissions_page(),
        "protocols.md": protocols_page(),
        "scales.md": scales_page(),
        "session-lifecycle.md": lifecycle.as_page(),
        "settings.md": settings_page(),
        **library_pages(),
    }


def stale(folder: Path = FOLDER) -> list[str]:
    """The pages that are not what the code says, and those that nobody generates."""
    wanted = pages()
    wrong = [name for name, text in wanted.items() if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text]
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted([*wrong, *(name for name in there if name not in wanted)])


def main(arguments: Sequence[str]) -> int:
    wrong = stale()
    if "--check" in arguments:
        sys.stderr.write("".join(f"stale: docs/generated/{name}; run `make docs`\n" for name in wrong))
        return 1 if wrong else 0
    for name, text in pages().items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write("".join(f"docs/generated/{name}\n" for name in wrong) or "docs/generated is current\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
