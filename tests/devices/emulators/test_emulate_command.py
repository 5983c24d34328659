"""The emulated devices as the processes they are, against a small listener."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from small_listener import Listener, listening

WINDDOWN = (sys.executable, "-c", "import sys; from winddown.commands.main import main; sys.exit(main(sys.argv[1:]))")


async def emulated(*words: str, then_end: int = 0, listener: Listener | None = None) -> tuple[int, str, str]:
    """Run `winddown emulate ...`; with `then_end`, ask it to end after so many messages."""
    process = await asyncio.create_subprocess_exec(
        *WINDDOWN, "emulate", *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    if then_end and listener:
        await listener.until(then_end)
        process.send_signal(signal.SIGTERM)
    said, complained = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, said.decode(), complained.decode()


def test_phantom_bed_sends_until_it_is_asked_to_end_and_says_what_became_of_it() -> None:
    async def run() -> tuple[int, str, Listener]:
        async with listening() as listener:
            code, said, _ = await emulated(
                "phantom", "--port", str(listener.port), "--every-s", "0.1", "--json", then_end=3, listener=listener
            )
            return code, said, listener

    code, said, listener = asyncio.run(run())
    assert code == 0
    assert json.loads(said)["acknowledged"] == len(listener.came) >= 3
    assert {message.device_keys[0] for message in listener.came} == {"WINDDOWN_PHANTOM"}


def test_monitor_and_pump_of_one_program_speak_of_one_patient(tmp_path: Path) -> None:
    program = tmp_path / "program.json"
    facts = {"started_at": datetime.now(UTC).isoformat(), "weight_kg": "70", "patient_id": "P-9", "bed": "A^^4", "steps": [[0, "52.5"]]}
    program.write_text(json.dumps(facts))

    async def run() -> list[Listener]:
        async with listening() as monitored, listening() as pumped:
            shared = ("--program", str(program), "--for-s", "0.6")
            results = await asyncio.gather(
                emulated("monitor", "--port", str(monitored.port), "--every-s", "0.2", "--calm", *shared),
                emulated("pump", "--port", str(pumped.port), *shared),
            )
            assert [code for code, _, _ in results] == [0, 0]
            return [monitored, pumped]

    monitored, pumped = asyncio.run(run())
    assert len(monitored.came) == 3
    assert {(m.patient_id, m.bed) for m in (*monitored.came, *pumped.came)} == {("P-9", "A^^4")}
    assert [m.pump_report.event for m in pumped.came if m.pump_report][-1] == ""
    assert {m.kind for m in pumped.came} == {"pump"}


def test_fleet_tells_counts_and_latencies() -> None:
    async def run() -> tuple[int, str, Listener]:
        async with listening() as listener:
            code, said, _ = await emulated("fleet", "--port", str(listener.port), "--devices", "5", "--rate", "10", "--for-s", "0.5")
            return code, said, listener

    code, said, listener = asyncio.run(run())
    told = json.loads(said)
    assert code == 0
    assert told["devices"] == 5 and told["acknowledged"] == told["queued"] == len(listener.came) == 25
    assert len({message.device_keys[0] for message in listener.came}) == 5


def test_refusal_and_misuse_have_their_own_exit_status() -> None:
    async def run() -> list[tuple[int, str, str]]:
        return [await emulated("pump", "--program", "/nowhere.json"), await emulated("pump"), await emulated("--help")]

    refused, misused, helped = asyncio.run(run())
    assert refused[0] == 1 and "cannot be read" in refused[2]
    assert misused[0] == 2
    assert helped[0] == 0 and all(mode in helped[1] for mode in ("monitor", "pump", "recording", "phantom", "fleet"))
