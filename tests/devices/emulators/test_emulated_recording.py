"""The packaged recordings, judged by the counts that came with them (recordings/README.md)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_listener import UTC_ZONE

from winddown.devices.emulators.recording import Recording, packaged, rows
from winddown.domain.refusals import Refusal
from winddown.domain.wire.hl7v2 import read
from winddown.domain.wire.hl7v2.write import Envelope, vital_signs

AT = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


def zeros(name: str, kind: str) -> int:
    return sum(dict(signs).get(kind) == 0 for _, signs in rows(name))


def test_short_recording_has_the_zeros_its_notes_count() -> None:
    name = "mimic3wfdb_s25047"
    assert len(rows(name)) == 72
    assert (zeros(name, "heart_rate"), zeros(name, "pulse_rate"), zeros(name, "spo2")) == (28, 8, 11)
    assert max(dict(signs)["pulse_rate"] for _, signs in rows(name)) == 277


def test_long_recording_has_the_length_and_zeros_its_notes_count() -> None:
    name = "mimic3wfdb_s00001"
    assert len(rows(name)) == 1936
    assert zeros(name, "spo2") == 363
    connected = [minute for minute, signs in rows(name) if dict(signs)["arterial_systolic"]]
    assert connected == [1924, 1925, 1927, 1928, 1929, 1930, 1931]


def test_recorded_zero_is_sent_as_zero_and_read_as_no_signal() -> None:
    sent = Recording("mimic3wfdb_s25047").observe(AT)
    assert sent is not None
    found = {o.kind: o for o in read(vital_signs(Envelope("WD-REC-0001", AT, "1"), sent), zone=UTC_ZONE).observations}
    assert (found["heart_rate"].value, found["respiratory_rate"].value) == (101.3, 16.5)
    assert (found["spo2"].raw_value, found["spo2"].value, found["spo2"].problem) == ("0", None, "no_signal")
    assert "systolic" not in found  # an empty cell was not measured


def test_recording_ends_or_begins_again() -> None:
    once, again = Recording("mimic3wfdb_s25047"), Recording("mimic3wfdb_s25047", again=True)
    played = [(once.observe(AT), again.observe(AT)) for _ in range(73)]
    assert played[-1][0] is None and once.finished
    assert played[-1][1] == played[0][1]


def test_both_recordings_carry_their_notice() -> None:
    assert set(packaged()) == {"mimic3wfdb_s00001", "mimic3wfdb_s25047"}
    assert "ODbL" in (next(iter(packaged().values())).parent / "README.md").read_text()


@pytest.mark.parametrize(
    ("text", "code"), [("t_min,Mood\n0,5\n", "unknown_recording_column"), ("t_min,HR (bpm)\n0,fast\n", "recording_cell")]
)
def test_recording_that_is_not_understood_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text)
    with pytest.raises(Refusal) as refused:
        rows(str(path))
    assert refused.value.code == code


def test_unknown_recording_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refusal, match="mimic3wfdb_s25047"):
        rows("elsewhere")
