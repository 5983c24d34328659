"""The framer: what it cuts does not depend on how the stream was chopped, and nothing but marks and line ends is lost."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as some

from winddown.domain.wire.mllp import Frame, Framer, Garbage, wrap

PAYLOAD = some.binary(max_size=40).map(lambda data: data.replace(b"\x0b", b"").replace(b"\x1c", b""))
STREAM = some.lists(
    some.sampled_from([b"\x0b", b"\x1c", b"\x1c\r", b"\r", b"\n", b"MSH|a\rPID|b\n", b"\xff\x00", b"x" * 7]), max_size=40
).map(b"".join)


def fed(stream: bytes, cuts: list[int], max_bytes: int = 1000) -> list[Frame | Garbage]:
    framer, pieces, begin = Framer(max_bytes=max_bytes), [], 0
    for cut in [*sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]:
        pieces += framer.receive(stream[begin:cut])
        begin = cut
    return pieces + framer.close()


@given(some.lists(PAYLOAD, max_size=6), some.lists(some.integers(min_value=0), max_size=8))
def test_what_was_wrapped_comes_back_however_it_was_chopped(payloads: list[bytes], cuts: list[int]) -> None:
    assert fed(b"".join(wrap(payload) for payload in payloads), cuts) == [Frame(payload) for payload in payloads]


@given(STREAM, some.lists(some.integers(min_value=0), max_size=12), some.integers(min_value=1, max_value=30))
def test_any_stream_is_cut_the_same_way_in_one_chunk_in_many_and_byte_by_byte(stream: bytes, cuts: list[int], max_bytes: int) -> None:
    whole = fed(stream, [], max_bytes)
    assert fed(stream, cuts, max_bytes) == whole
    assert fed(stream, list(range(len(stream))), max_bytes) == whole


@given(STREAM, some.integers(min_value=1, max_value=30))
def test_nothing_is_lost_but_marks_and_line_ends(stream: bytes, max_bytes: int) -> None:
    strip = bytes.maketrans(b"", b"")
    kept = b"".join(piece.payload for piece in fed(stream, [], max_bytes))
    assert kept.translate(strip, b"\x0b\x1c\r\n") == stream.translate(strip, b"\x0b\x1c\r\n")
    assert all(len(piece.payload) <= max_bytes for piece in fed(stream, [], max_bytes))


def test_frame_without_final_carriage_return_is_complete_at_once() -> None:
    assert Framer().receive(b"\x0bMSH|1\x1c") == [Frame(b"MSH|1")]


def test_line_feed_and_crlf_after_the_end_block_are_no_garbage() -> None:
    assert Framer().receive(b"\x0ba\x1c\n\x0bb\x1c\r\n\x0bc\x1c\r") == [Frame(b"a"), Frame(b"b"), Frame(b"c")]


def test_garbage_between_frames_is_kept_and_the_next_frame_is_found() -> None:
    assert Framer().receive(b"\x0ba\x1c\rnoise\x0bb\x1c\r") == [Frame(b"a"), Garbage(b"noise", "no_start_block"), Frame(b"b")]


def test_message_cut_off_by_the_next_start_block_is_garbage_and_kept() -> None:
    assert Framer().receive(b"\x0bMSH|half\x0bMSH|whole\x1c\r") == [Garbage(b"MSH|half", "cut_short"), Frame(b"MSH|whole")]


def test_frame_above_the_limit_is_garbage_and_the_next_one_is_read() -> None:
    pieces = Framer(max_bytes=10).receive(wrap(b"x" * 25) + wrap(b"y" * 10))
    assert pieces[0] == Garbage(b"x" * 10, "too_long")
    assert pieces[-1] == Frame(b"y" * 10)
    assert b"".join(piece.payload for piece in pieces[:-1]) == b"x" * 25


def test_stream_that_ends_inside_a_frame_leaves_the_part_as_garbage() -> None:
    framer = Framer()
    assert framer.receive(b"\x0bMSH|half") == []
    assert framer.close() == [Garbage(b"MSH|half", "stream_ended")]
    assert framer.receive(wrap(b"MSH|new")) == [Frame(b"MSH|new")]


def cpu_seconds(payload: bytes, chunk: int) -> float:
    framer, stream, begun = Framer(), wrap(payload), time.process_time()
    frames = [piece for at in range(0, len(stream), chunk) for piece in framer.receive(stream[at : at + chunk])]
    spent = time.process_time() - begun
    assert frames == [Frame(payload)]
    return spent


def test_ten_megabytes_in_small_chunks_cost_in_proportion_to_their_length() -> None:
    assert cpu_seconds(b"OBX|1|ED|" * 1_111_111, 1024) < 2.0  # a search from the start for each chunk would read 50 gigabytes


def test_two_hundred_thousand_one_byte_frames_in_one_chunk_are_cut_in_proportion() -> None:
    begun = time.process_time()
    assert len(Framer().receive(wrap(b"a") * 200_000)) == 200_000
    assert time.process_time() - begun < 5.0
