"""Two hundred chairs on one small machine: is every acknowledged message kept, and how long until a nurse's screen shows it?

`python benchmarks/load_200_chairs.py --chairs 200 --minutes 10 --rate 1` makes a fresh record, runs the whole service as it ships, emulated
monitors over real sockets and open live pages, and prints what it measured; the same as JSON goes to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the repository must be on the path first
import psutil  # noqa: E402

from benchmarks.processes import Cost  # noqa: E402
from tests.whole import clinic as clinics  # noqa: E402
from tests.whole.service import Service  # noqa: E402

# For each acknowledged message: how many kinds of reading it left with its session, and in how many rows.
KEPT = """
select count(distinct r.kind), count(r.id)
from unnest(%s::text[], %s::text[], %s::bigint[]) as said (control_id, device, observed_ms)
left join record_devicemessage m on m.control_id = said.control_id
left join record_reading r on r.message_id = m.id and r.session_id is not null
  and (extract(epoch from r.observed_at) * 1000)::bigint = said.observed_ms
  and exists (select 1 from record_device d where d.id = r.device_id and d.key = said.device)
group by said.control_id"""

SETTLE_S, LOOK_EVERY_S = 6.0, 2.0


def main(arguments: argparse.Namespace) -> int:
    data = arguments.data or Path(tempfile.mkdtemp(prefix="winddown-load-"))
    if not (data / "clinic.json").exists():
        subprocess.run([sys.executable, "-m", "tests.whole.clinic", str(data), "--chairs", str(arguments.chairs)], cwd=ROOT, check=True)
    with Service(data) as service:
        result = measure(service, arguments, clinics.known(data))
    result["reference"] = _machine()
    _print(result)
    folder = ROOT / "benchmarks" / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"load_{arguments.chairs}_chairs_{datetime.now(UTC):%Y%m%d_%H%M%S}.json").write_text(json.dumps(result, indent=1) + "\n")
    if arguments.data is None:
        shutil.rmtree(data)
    return 0 if result["lost"] == 0 and result["acknowledged"] == result["sent"] and result["screen_ms"]["p95"] < 1000 else 1


def measure(service: Service, arguments: argparse.Namespace, clinic: clinics.Clinic) -> dict[str, object]:
    """Send, listen, and compare what was said with what was kept and what was shown."""
    data, length, count = service.data, arguments.minutes * 60, min(arguments.chairs, len(clinic.session_of))
    sent_file, heard_file = data / "sent.npy", data / "heard.npy"
    before = _database(service, clinic.practice)
    screens = _process(
        "benchmarks.screens", "--port", service.port, "--data", data, "--screens", arguments.screens,
        "--for-s", length + 2 * SETTLE_S, "--out", heard_file,
    )  # fmt: skip
    time.sleep(SETTLE_S / 2)
    senders = _process(
        "benchmarks.senders", "--port", service.mllp_port, "--devices", count, "--rate", arguments.rate,
        "--for-s", length, "--prefix", clinics.PREFIX, "--out", sent_file,
    )  # fmt: skip
    named = service.parts() | {"emulated monitors": senders.pid, "emulated screens": screens.pid}
    cost = Cost(named, data)
    while senders.poll() is None:
        time.sleep(LOOK_EVERY_S)
        cost.look()
    percent = cost.percent()
    screens.wait(60)
    sent, heard, after = np.load(sent_file), np.load(heard_file), _database(service, clinic.practice)
    return {
        "chairs": count,
        "seconds": length,
        "rate_per_s": arguments.rate,
        "screens": arguments.screens,
        **_kept(service, clinic.practice, sent),
        **_shown(sent, heard),
        "processor_percent": percent,
        "memory_mb": {name: round(value) for name, value in cost.memory_mb.items() if not name.startswith("postgres")},
        "database_mb": round(after / 1e6),
        "bytes_per_message": round((after - before) / max(1, len(sent))),
        "warnings": len(service.warnings()),
        "first_warnings": service.warnings()[:5],
    }


def _kept(service: Service, practice: int, sent: np.ndarray) -> dict[str, object]:
    """Every acknowledged control id must be among the raw messages, and its readings stored for the right session."""
    acknowledged = sent[~np.isnan(sent["acknowledged"])]
    lost = twice = rows = 0
    with service.record(practice) as link:
        for part in np.array_split(acknowledged, max(1, len(acknowledged) // 5000)):
            devices = [f"{clinics.PREFIX}-{number:04d}" for number in part["device"]]
            found = link.execute(KEPT, [part["control_id"].tolist(), devices, part["observed_ms"].tolist()]).fetchall()
            lost += sum(kinds == 0 for kinds, _ in found)
            twice += sum(stored != kinds for kinds, stored in found)
            rows += sum(stored for _, stored in found)
    took = 1000 * (acknowledged["acknowledged"] - acknowledged["sent"])
    return {
        "sent": len(sent),
        "acknowledged": len(acknowledged),
        "lost": lost,
        "stored_twice": twice,
        "readings_stored": rows,
        "acknowledged_ms": _percentiles(took),
        "waited_in_store_ms": _percentiles(1000 * (sent["sent"] - sent["queued"])),
    }


def _shown(sent: np.ndarray, heard: np.ndarray) -> dict[str, object]:
    """From the first byte sent until each open page had the reading; and whether each page got every reading exactly once."""
    order = {(row["device"], row["observed_ms"]): row["sent"] for row in sent[["device", "observed_ms", "sent"]]}
    ours = np.array([order.get((row["device"], row["observed_ms"]), np.nan) for row in heard[["device", "observed_ms"]]])
    took = 1000 * (heard["heard"] - ours)
    missed = repeated = 0
    for screen in np.unique(heard["screen"]):
        of_screen = heard[(heard["screen"] == screen) & ~np.isnan(ours)]
        wanted = sent if of_screen["whole"].all() else sent[np.isin(sent["device"], np.unique(of_screen["device"]))]
        pairs = np.unique(of_screen[["device", "observed_ms"]])
        repeated += len(of_screen) - len(pairs)
        missed += len(wanted) - len(pairs)
    return {
        "screen_ms": _percentiles(took[~np.isnan(took)]),
        "shown": int((~np.isnan(took)).sum()),
        "missed_by_a_screen": int(missed),
        "repeated_on_a_screen": int(repeated),
    }


def _percentiles(values: np.ndarray) -> dict[str, float]:
    if not len(values):
        return dict.fromkeys(("p50", "p95", "p99", "max"), float("nan"))
    return {name: round(float(np.percentile(values, share)), 1) for name, share in (("p50", 50), ("p95", 95), ("p99", 99), ("max", 100))}


def _database(service: Service, practice: int) -> int:
    with service.record(practice) as link:
        return int(link.execute("select pg_database_size(current_database())").fetchone()[0])


def _process(module: str, *words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", module, *map(str, words)], cwd=ROOT)


def _machine() -> dict[str, object]:
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "processors": psutil.cpu_count(),
        "processor": model or platform.processor(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "load_average_1_min": os.getloadavg()[0],
    }


def _print(result: dict[str, object]) -> None:
    width = max(map(len, result))
    for name, value in result.items():
        if isinstance(value, dict):
            print(f"{name:<{width}}  " + "  ".join(f"{key} {each}" for key, each in value.items()))
        else:
            print(f"{name:<{width}}  {value}")


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--chairs", type=int, default=200)
    words.add_argument("--minutes", type=float, default=10.0)
    words.add_argument("--rate", type=float, default=1.0, help="messages a second from each chair")
    words.add_argument("--screens", type=int, default=20, help="open live pages")
    words.add_argument("--data", type=Path, help="keep the clinic in this folder, or use the one that is there")
    sys.exit(main(words.parse_args()))
