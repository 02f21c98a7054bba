"""Addresses of the inside, by every way that a stranger has to bring one up: the canary must get no connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from .carriers import CARRIERS
from .ssrf_matrix import matrix, pairs, read_rows, rebinding

# One of each sort, so that the test bites where the shared matrix is not at hand.
OWN: tuple[Mapping[str, Any], ...] = (
    {"cls": "v4-range", "url": "http://10.20.30.40/", "expect": "block"},
    {"cls": "v6-embed", "url": "http://[64:ff9b::7f00:1]/", "expect": "block"},
    {"cls": "numeric", "url": "http://0x7f000001/", "expect": "block"},
    {"cls": "numeric", "url": "http://127.0.0.1:{p2}/", "expect": "block"},
    {"cls": "name", "url": "http://printer.local/", "expect": "block"},
    {"cls": "name", "url": "http://looks-public.example.net/", "expect": "block"},  # this machine, says the resolver
    {"cls": "parser", "url": "http://::1/", "expect": "block"},
    {"cls": "parser", "url": "http:\\\\localhost:{p2}\\x", "expect": "block"},
    {"cls": "port", "url": "http://example.com:{p2}/", "expect": "block"},
    {"cls": "scheme", "url": "gopher://127.0.0.1:{p2}/_x", "expect": "block"},
    {"cls": "allow", "url": "http://example.com/", "expect": "allow"},
    {"cls": "allow", "url": "http://100.128.0.1/", "expect": "allow"},
)


def test_no_address_of_our_own_by_any_carrier_reaches_the_canary():
    with matrix() as tested:
        results = [tested.run(row, carrier) for row, carrier in (*pairs(OWN), *rebinding(OWN))]
        assert [result for result in results if not result.passed] == []
        assert tested.canary.connections == 0
    assert len(results) == len(OWN) * 7 + 2 * 7


@pytest.mark.shared
def test_every_shared_row_once_and_every_class_by_every_carrier(shared_data):
    rows = read_rows(shared_data)
    firsts = {row["cls"]: row for row in rows}
    chosen = [(row, row.get("via") or "direct") for row in rows]
    chosen += [(row, carrier) for row in firsts.values() for carrier in CARRIERS]
    chosen += rebinding(rows)[::7]
    with matrix() as tested:
        results = [tested.run(row, carrier) for row, carrier in chosen]
        assert [result for result in results if not result.passed] == []
        assert tested.canary.connections == 0
    assert len(rows) == 204


def test_without_the_guard_the_canary_would_be_reached(monkeypatch):
    """The measuring works: the same rows, with every address taken for public."""
    monkeypatch.setattr("research.net.guard.is_public", lambda address: True)
    with matrix() as tested:
        results = [tested.run(row, "redirect") for row in OWN if row["cls"] in ("v4-range", "v6-embed")]
        assert not any(result.passed for result in results)
        assert tested.canary.connections >= len(results)
