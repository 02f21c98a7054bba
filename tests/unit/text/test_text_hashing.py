"""Ids and hashes are the same on every machine and run, for judgements are kept by them."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.text.hashing import canonical_json, sha256_bytes, sha256_text, short_id


def test_known_values_never_change():
    assert sha256_text("") == hashlib.sha256(b"").hexdigest()
    assert sha256_text("Bergen – é") == hashlib.sha256("Bergen – é".encode()).hexdigest()
    assert sha256_bytes(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert short_id("harrowgate", "fact", "founded", "1998") == "f685a66d4ed912e2"


def test_a_lone_surrogate_has_a_hash_of_its_own():
    assert len({sha256_text("a\ud800"), sha256_text("a\udfff"), sha256_text("a")}) == 3


def test_the_order_of_keys_is_no_difference():
    assert canonical_json({"b": [1, 2], "a": "é"}) == '{"a":"é","b":[1,2]}' == canonical_json({"a": "é", "b": [1, 2]})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a", "b"), ("b", "a")),
        (("a",), ("a", "")),
        (("a", None), ("a", "None")),
        (("1",), (1,)),
        ((True,), ("true",)),
    ],
)
def test_parts_are_not_run_together(one, other):
    assert short_id(*one) != short_id(*other)


@given(st.lists(st.text(max_size=8) | st.integers() | st.none(), max_size=4))
def test_an_id_is_sixteen_hex_digits_of_its_parts(parts):
    assert short_id(*parts) == short_id(*list(parts))
    assert len(short_id(*parts)) == 16
    assert set(short_id(*parts)) <= set("0123456789abcdef")
