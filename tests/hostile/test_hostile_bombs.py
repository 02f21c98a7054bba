"""Compressed bodies that become too much: refused before they cost memory."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.net.answer import Answer, read_body
from research.net.refused import Excessive
from research.sources.kind import ChangedError
from research.sources.shape import parse_json
from research.text.inflate import ENCODINGS, InflateError, Inflater, gunzip

_LIMIT = 50 << 20  # the largest that anything is read at
_COST = 64 << 20


def read(body: bytes, encoding: str) -> bytes:
    headers = {"content-encoding": encoding}
    pieces = [body[at : at + 4096] for at in range(0, len(body), 4096)]
    answer = Answer(url="", at="", status=200, header=lambda name: headers.get(name, ""), chunks=pieces)
    return read_body(answer, _LIMIT)


def refusal_and_cost(body: bytes, encoding: str) -> tuple[str, int]:
    """Why the body is not read, and the bytes that Python allocated at most before it said so."""
    tracemalloc.start()
    with pytest.raises(Excessive) as refused:
        read(body, encoding)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return str(refused.value), peak


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", lambda data: brotli.compress(data, quality=5))],
)
def test_zeros_are_refused_by_their_ratio(encoding, pack):
    reason, cost = refusal_and_cost(pack(bytes(100 << 20)), encoding)
    assert "200-fold" in reason
    assert cost < _COST


def test_what_only_inflates_a_lot_is_refused_by_its_size():
    page = b"".join(b"<p>%d</p>" % (n * 7919) for n in range(200_000))
    body = gzip.compress(page) * (_LIMIT // len(page) + 1)
    reason, cost = refusal_and_cost(body, "gzip")
    assert "larger than 50 MB" in reason
    assert cost < 2 * _LIMIT


def test_repetitive_pages_are_no_bombs():
    page = b"".join(b"<tr><td>%d</td><td>1,000</td><td>2,000</td></tr>\n" % n for n in range(200_000))
    assert read(gzip.compress(page), "gzip") == page  # 10 MB of one table
    assert read(brotli.compress(page, quality=5), "br") == page


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "encoding"), [("gzip", "gzip"), ("gzip2", "gzip, gzip"), ("br", "br"), ("zstd", "zstd")]
)
def test_a_gibibyte_is_refused(shared_data, name, encoding):
    body = (shared_data / "hostile" / "bombs" / f"zeros-1GiB.{name}").read_bytes()
    _, cost = refusal_and_cost(body, encoding)
    assert cost < _COST


@pytest.mark.parametrize("piece", [b'{"":0},', b"[],", b"0,", b"[" * 3])
def test_an_answer_of_a_register_is_no_bomb_of_values(piece):
    body = b"[" + piece * ((20 << 20) // len(piece)) + b"0]"
    tracemalloc.start()
    with pytest.raises(ChangedError, match="more than 2,000,000 values"):
        parse_json(body, "the register")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < _COST
    small = b"[" + piece * 10_000 + b"0]"
    if piece.endswith(b","):
        assert len(parse_json(small, "the register")) == 10_001


@given(st.sampled_from(sorted(ENCODINGS)), st.binary(max_size=200), st.integers(1, 64))
def test_noise_is_read_or_refused_and_never_more_than_the_limit(encoding, body, limit):
    try:
        inflater = Inflater(encoding, limit)
        inflater.feed(body)
        assert len(inflater.finish()) <= limit
    except InflateError:
        pass


@given(st.binary(max_size=2_000), st.integers(1, 7))
def test_whole_bodies_come_back_whatever_the_pieces(body, size):
    packed = gzip.compress(body)
    inflater = Inflater("gzip", 1 << 20)
    for at in range(0, len(packed), size):
        inflater.feed(packed[at : at + size])
    assert inflater.finish() == body == gunzip(packed, 1 << 20)
