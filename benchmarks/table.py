"""One table of every goal that the scripts beside this one kept at their last run: printed, and in benchmarks/results/table.md.

`python benchmarks/table.py`
"""

from __future__ import annotations

import json
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"
COLUMNS = ("target", "measured", "goal", "met", "accuracy", "peer", "date", "machine")


def main() -> None:
    rows = [row for file in sorted(RESULTS.glob("*.goals.json")) for row in json.loads(file.read_text(encoding="utf-8"))]
    rows.sort(key=lambda row: row["target"])
    if not rows:
        raise SystemExit("No script has kept a goal yet: run `make bench`, or one script of benchmarks/.")
    width = {name: max(len(name), *(len(row[name]) for row in rows)) for name in COLUMNS}
    lines = [{name: name for name in COLUMNS}, {name: "-" * width[name] for name in COLUMNS}, *rows]
    table = "\n".join("| " + " | ".join(f"{line[name]:<{width[name]}}" for name in COLUMNS) + " |" for line in lines)
    print(f"\n{table}\n\n{sum(row['met'] == 'met' for row in rows)} of {len(rows)} goals met")
    (RESULTS / "table.md").write_text(f"{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
