"""Fingerprints tell apart whatever an outcome depends on."""

from __future__ import annotations

import pytest

from research.run.fingerprint import combined, fingerprint

BASE = fingerprint("input", "extract", "1", {"a": 1, "b": [True, None]}, "model")


def test_the_order_of_the_configuration_does_not_matter() -> None:
    assert fingerprint("input", "extract", "1", {"b": [True, None], "a": 1}, "model") == BASE
    assert len(BASE) == 64


@pytest.mark.parametrize(
    "other",
    [
        fingerprint("input2", "extract", "1", {"a": 1, "b": [True, None]}, "model"),
        fingerprint("input", "extract2", "1", {"a": 1, "b": [True, None]}, "model"),
        fingerprint("input", "extract", "2", {"a": 1, "b": [True, None]}, "model"),
        fingerprint("input", "extract", "1", {"a": 2, "b": [True, None]}, "model"),
        fingerprint("input", "extract", "1", {"a": 1, "b": [True]}, "model"),
        fingerprint("input", "extract", "1", {"a": 1, "b": [True, None]}, "model2"),
        fingerprint("input", "extract", "1", {"a": 1, "b": [True, None]}),
        fingerprint("input", "extract", "1", {"a": 1, "b": [True, None]}, "mo", "del"),
    ],
)
def test_any_difference_gives_another_fingerprint(other: str) -> None:
    assert other != BASE


def test_a_configuration_that_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError):
        fingerprint("input", "extract", "1", {"a": {1, 2}})


def test_a_set_of_inputs_has_one_fingerprint_in_any_order() -> None:
    assert combined(["b", "a", "b"]) == combined(["a", "b"]) != combined(["ab"])
    assert combined([]) != combined([""])
