"""Checks a packet of the controlled-drug ledger. Needs Python 3.8 or newer and nothing else, no network and no Winddown.

    python check_packet.py FOLDER [FINGERPRINT]

FOLDER is where the packet was unpacked. FINGERPRINT, when given, is that of the clinic's key as you noted it earlier.
Exit 0: every check holds. Exit 1: something does not, and it is named.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Iterator, Tuple  # noqa: UP035  # Python 3.8 reads this file too

Point = Tuple[int, int, int, int]  # noqa: UP006  # evaluated at run time, by Python 3.8 too

FORMS = {
    1: "previous_hash ref location number kind drug mg ml session bag lot words happened_at written_at by witness supersedes",
    2: "form previous_hash ref location number kind drug mg ml session bag lot words happened_at written_at by witness supersedes "
    "second_witness vial details",
}

# --- Ed25519 as RFC 8032 writes it down: checking only, so that nothing here is secret -------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _point(data: bytes) -> tuple[int, int, int, int] | None:
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


def _plus(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _plus(total, point)
        point, number = _plus(point, point), number >> 1
    return total


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` was made with the private half of `key`."""
    if len(key) != 32 or len(signature) != 64:
        return False
    holder, commitment, number = _point(key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if BASE is None or holder is None or commitment is None or number >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = _times(number, BASE), _plus(commitment, _times(challenge, holder))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- The packet --------------------------------------------------------------------------------------------------------------------


def chain_breaks(told: dict[str, Any]) -> Iterator[str]:
    """Each line that does not follow from the one before it, in words."""
    previous, number = told["after"], told["first"] - 1
    for line in told["lines"]:
        number += 1
        if line["number"] != number:
            yield f"line {line['number']}: expected number {number}"
            number = line["number"]
        if line["previous_hash"] != previous:
            yield f"line {line['number']}: does not follow the line before it"
        order = FORMS.get(line.get("form", 1), "").split()
        text = json.dumps([line[name] for name in order], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        if not order or hashlib.sha256(text.encode("utf-8")).hexdigest() != line["hash"]:
            yield f"line {line['number']}: its content was changed after it was written"
        previous = line["hash"]


def problems(folder: Path, fingerprint: str = "") -> Iterator[str]:
    """Everything in the folder that does not hold."""
    manifest = (folder / "MANIFEST.json").read_bytes()
    told = json.loads(manifest.decode("utf-8"))
    key = bytes.fromhex(told["public_key"])
    if not signed_by(key, manifest, bytes.fromhex((folder / "MANIFEST.sig").read_text().strip())):
        yield "MANIFEST.json: the signature is not of this key, or the manifest was changed"
    if fingerprint and hashlib.sha256(key).hexdigest()[:32] != fingerprint.strip().lower():
        yield "the key is not the one whose fingerprint you gave"
    for name, digest in told["sha256"].items():
        path = folder / name
        if not path.is_file():
            yield f"{name}: is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name}: was changed after the packet was made"
    chain = json.loads((folder / "chain.json").read_text(encoding="utf-8"))
    if len(chain["lines"]) != told["lines"]:
        yield f"chain.json: has {len(chain['lines'])} lines, the manifest says {told['lines']}"
    yield from chain_breaks(chain)


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        sys.stdout.write(__doc__ or "")
        return 2
    folder = Path(arguments[0])
    found = list(problems(folder, *arguments[1:]))
    if found:
        sys.stdout.writelines(f"BROKEN  {sentence}\n" for sentence in found)
        return 1
    told = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    after = json.loads((folder / "chain.json").read_text(encoding="utf-8"))["after"]
    sys.stdout.write(f"HOLDS   {told['lines']} lines of {told['location']}, {told['first_day']} to {told['last_day']}\n")
    sys.stdout.write(f"        key {told['fingerprint']}; the first line follows {after}\n        {told['proves']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
