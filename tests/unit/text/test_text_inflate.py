"""Compressed bodies are inflated whole, or refused in words; a bomb never grows beyond the limit."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.text.inflate import ENCODINGS, InflateError, Inflater, gunzip

PAGE = "<p>Målere i Bergen</p>".encode() * 200


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


PACKED = {
    "": PAGE,
    "identity": PAGE,
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "br": brotli.compress(PAGE),
}


def inflate(encoding: str, data: bytes, *, limit: int = 1 << 20, step: int = 7, cut: bool = False) -> bytes:
    inflater = Inflater(encoding, limit, cut=cut)
    for at in range(0, len(data), step):
        inflater.feed(data[at : at + step])
    return inflater.finish()


def test_every_encoding_that_is_offered_is_tested():
    assert set(PACKED) == ENCODINGS


@pytest.mark.parametrize("encoding", sorted(PACKED))
@pytest.mark.parametrize("step", [1, 7, 1 << 16])
def test_a_body_comes_whole_in_whatever_chunks(encoding, step):
    assert inflate(encoding, PACKED[encoding], step=step) == PAGE


def test_deflate_without_its_header():
    assert inflate("deflate", raw_deflate(PAGE)) == PAGE


def test_gzip_of_several_members_and_padding():
    assert inflate("gzip", gzip.compress(b"one ") + gzip.compress(b"two") + bytes(8)) == b"one two"


@pytest.mark.parametrize("encoding", sorted(PACKED))
def test_an_empty_body_is_empty(encoding):
    assert inflate(encoding, b"") == b""


def test_a_body_that_only_claims_to_be_gzip_is_handed_on():
    assert inflate("gzip", PAGE) == PAGE
    assert gunzip(PAGE, 1 << 20) == PAGE
    assert gunzip(gzip.compress(PAGE), 1 << 20) == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_body_that_is_cut_off_is_refused(encoding):
    with pytest.raises(InflateError, match="cut off"):
        inflate(encoding, PACKED[encoding][:-6])


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_damaged_body_is_refused(encoding):
    packed = PACKED[encoding]
    with pytest.raises(InflateError, match=r"damaged|cut off"):
        inflate(encoding, packed[:12] + bytes(len(packed) - 12))


@pytest.mark.parametrize("encoding", sorted(PACKED))
def test_the_limit_holds_and_is_named(encoding):
    assert len(inflate(encoding, PACKED[encoding], limit=len(PAGE))) == len(PAGE)
    with pytest.raises(InflateError, match="larger than 1 KB"):
        inflate(encoding, PACKED[encoding], limit=1024)


@pytest.mark.parametrize("encoding", sorted(PACKED))
def test_what_goes_beyond_is_cut_where_that_is_asked(encoding):
    assert inflate(encoding, PACKED[encoding], limit=1000, cut=True) == PAGE[:1000]


def fast_brotli(data: bytes) -> bytes:
    return brotli.compress(data, quality=1)


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", fast_brotli)]
)
def test_a_bomb_costs_no_more_than_the_limit(encoding, pack):
    bomb = pack(bytes(4 << 20))
    inflater = Inflater(encoding, 64 << 10)
    with pytest.raises(InflateError, match="larger than 64 KB"):
        inflater.feed(bomb)
    assert inflater.full


def test_an_unknown_encoding_is_named():
    with pytest.raises(InflateError, match="zstd"):
        Inflater("zstd", 10)


@given(st.binary(max_size=300), st.integers(min_value=1, max_value=50))
def test_gzip_there_and_back(data, step):
    assert inflate("gzip", gzip.compress(data), step=step) == data
