"""The packet: unpacked as an inspector does, checked by the checker in it with another Python process, and tampered with."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import shelf
from tests.web.people.desk import signed_in
from winddown.record.models import Packet
from winddown.record.scope import at_practice
from winddown.services import check_packet, signing

# RFC 8032, section 7.1: key, message, signature of its tests 1 to 3
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_checker_agrees_with_the_published_vectors_and_refuses_their_neighbors(key, message, signature):
    parts = [bytes.fromhex(part) for part in (key, message, signature)]
    assert check_packet.signed_by(*parts)
    assert not check_packet.signed_by(parts[0], parts[1] + b"x", parts[2])
    assert not check_packet.signed_by(parts[0], parts[1], parts[2][:-1] + bytes([parts[2][-1] ^ 1]))


@pytest.fixture
def packet(house, tmp_path):
    """A month of a stocked shelf, unpacked."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        shelf.registered(house, now=now)
        shelf.received(house, 3, now=now, lot="=HYPERLINK(1)")
    officer = signed_in(house, "drug_officer")
    days = f"first_day={(now - timedelta(days=3)).date()}&last_day={(now + timedelta(days=1)).date()}"
    answer = officer.get(f"/ledger/packet/file/?{days}")
    assert answer["Content-Type"] == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    return folder


def checked(folder, *more: str) -> subprocess.CompletedProcess[str]:
    """As the inspector runs it: an isolated Python without site packages, in the unpacked folder."""
    return subprocess.run([sys.executable, "-I", "-S", str(folder / "check_packet.py"), str(folder), *more], capture_output=True, text=True)


def test_a_packet_proves_itself_offline_and_says_what_that_proves(house, packet):
    done = checked(packet, signing.fingerprint())
    assert (done.returncode, done.stdout.startswith("HOLDS   3 lines of Sandusky")) == (0, True), done.stdout
    assert "nor what was in a syringe" in done.stdout
    assert (packet / "packet.pdf").read_bytes().startswith(b"%PDF")
    with at_practice(house.id):
        kept = Packet.objects.get()
        assert kept.manifest_sha256 == hashlib.sha256((packet / "MANIFEST.json").read_bytes()).hexdigest()


def test_a_cell_that_a_spreadsheet_would_run_is_kept_as_text(packet):
    assert "'=HYPERLINK(1)" in (packet / "ledger.csv").read_text(encoding="utf-8-sig")


def test_a_changed_line_a_changed_paper_and_another_key_are_each_named(packet):
    chain = json.loads((packet / "chain.json").read_text())
    chain["lines"][1]["mg"] = "400.000"
    (packet / "chain.json").write_text(json.dumps(chain))
    (packet / "packet.pdf").write_bytes(b"%PDF another")
    done = checked(packet, "0" * 32)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "BROKEN  the key is not the one whose fingerprint you gave",
        "BROKEN  chain.json: was changed after the packet was made",
        "BROKEN  packet.pdf: was changed after the packet was made",
        "BROKEN  line 2: its content was changed after it was written",
    ]


def test_a_manifest_written_anew_without_the_key_is_named(packet):
    told = json.loads((packet / "MANIFEST.json").read_text())
    (packet / "MANIFEST.json").write_text(json.dumps(told | {"lines": 2}))
    assert "BROKEN  MANIFEST.json: the signature is not of this key, or the manifest was changed" in checked(packet).stdout


def test_a_nurse_gets_no_packet(house):
    assert signed_in(house, "nurse").get("/ledger/packet/").status_code == 403
