"""The `winddown` command: finds the room by its name, opens only that one, and speaks every refusal in the same way.

exit  0 done / 1 refused, with the reason and the way out / 2 not understood
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import sys
from collections.abc import Sequence

from winddown.domain.refusals import Refusal

COMMANDS: dict[str, str] = {
    "demo": "Start a fictional practice with emulated monitors on this machine.",
    "serve": "Run the service: web, device listener, watch, messages and the jobs of the night, and database.",
    "init": "Make a new record: database, keys, first practice and first person.",
    "migrate": "Bring the record up to this version of the program.",
    "predict": "Predict the concentrations and effects of one infusion.",
    "trial": "Run a virtual trial over a simulated population.",
    "replay": "Replay a whole session from a scenario file.",
    "emulate": "Send the vital signs of emulated monitors.",
    "models": "List the published drug models, their populations and limits.",
    "verify": "Check the record: hash chains, ledger balances, walls.",
    "export": "Everything a practice holds as Parquet and CSV with a dictionary, and OMOP tables.",
    "backup": "Write a backup file of the record.",
    "restore": "Restore a backup file into a new data folder.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("--help", "-h"):
        sys.stdout.write(overview())
        return 0 if words else 2
    if words[0] == "--version":
        sys.stdout.write(f"winddown {_version()}\n")
        return 0
    name, rest = words[0], words[1:]
    if name not in offered():
        sys.stderr.write(_unknown(name))
        return 2
    try:
        app = importlib.import_module(f"winddown.commands.{name}").app
        app(args=rest, prog_name=f"winddown {name}")
    except Refusal as refusal:
        _tell(refusal, as_json="--json" in rest)
        return 1
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        return 130
    return 0


def offered() -> list[str]:
    """The commands whose room is built. Nothing on the list is a promise."""
    return [name for name in COMMANDS if importlib.util.find_spec(f"winddown.commands.{name}") is not None]


def overview() -> str:
    names = offered()
    width = max(map(len, names), default=0)
    lines = [f"  {name:<{width}}  {COMMANDS[name]}" for name in names]
    return "\n".join(
        [
            "Usage: winddown COMMAND [--help] ...",
            "",
            "Runs an IV-ketamine therapy service. It advises and records; it never commands a pump.",
            "",
            *lines,
            "",
            "Settings come from the environment, WINDDOWN_*. Every command has --help.",
            "Exit status: 0 done, 1 refused with the reason, 2 not understood.",
            "",
        ]
    )


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, offered(), n=1)
    return f"winddown: there is no command {name!r}." + (f" Did you mean {near[0]}?\n" if near else " See `winddown --help`.\n")


def _version() -> str:
    from importlib.metadata import version  # slow import

    return version("winddown")


def _tell(refusal: Refusal, *, as_json: bool) -> None:
    """The reason and the way out: for people on stderr, for programs as JSON on stdout."""
    if as_json:
        import json  # slow import

        said = {"refused": refusal.because, "way_out": refusal.way_out, "code": refusal.code, "where": refusal.where}
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write("\n".join(filter(None, [f"Refused: {refusal.because}", refusal.way_out])) + "\n")


if __name__ == "__main__":
    sys.exit(main())
