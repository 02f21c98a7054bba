"""Fifty planted secrets: none of them may come to lie in the store, in a log, in an export or in a message."""

from __future__ import annotations

import sqlite3
import zlib

import pytest

from benchmarks.planted_secrets import ECHOES, KEYED, Planted, everything, plant, secret
from pipelines.target import home_page
from research.sources.registry import KINDS


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Planted:
    return plant(tmp_path_factory.mktemp("home"))


def test_fifty_were_planted_and_every_keyed_kind_received_its_own(planted) -> None:
    assert len(planted.used) == len(set(planted.used)) >= 50
    assert planted.received <= set(planted.used)
    assert len(planted.received) >= (len(ECHOES) + 2) * len(KEYED) >= 12
    assert set(KEYED) <= set(KINDS)


def test_every_address_and_file_with_a_secret_was_refused(planted) -> None:
    assert planted.heard.taken == []


def test_no_secret_lies_in_a_store_a_file_or_an_export(planted) -> None:
    assert planted.lying() == []
    assert any(where == "brief.json" for where, _ in everything(planted.home))


def test_no_secret_is_in_a_message_a_traceback_or_a_log(planted) -> None:
    assert planted.told() == []
    assert "the log hears everything" in "\n".join(planted.heard.text)


def test_the_search_finds_a_secret_that_is_there(tmp_path) -> None:
    connection = sqlite3.connect(tmp_path / "x.sqlite")
    connection.execute("CREATE TABLE t (v)")
    connection.execute("INSERT INTO t VALUES (?)", (zlib.compress(b"so " + secret(1).encode()),))
    connection.commit()
    connection.close()
    assert any(secret(1).encode() in data for _, data in everything(tmp_path))


@pytest.mark.parametrize(
    "address",
    [
        "https://acme.example/monkey?page=2&keyword=pumps&author=ann&bypass=1&design=3",
        "https://acme.example/signature-edition/?passage=4&tokens=5",
        "https://acme.example/@ann/post?key=",
        "https://acme.example/?q=https://other.example/",
    ],
)
def test_an_ordinary_address_is_none(address) -> None:
    assert home_page(address) == address
