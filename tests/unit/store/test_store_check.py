"""Checks find what was tampered with, and nothing else."""

from __future__ import annotations

import zlib

import pytest
from store_samples import DAY_1, add_account, finding, read_page

from research.model.document import Document
from research.store.check import check_store, verify_evidence
from research.store.connect import Store
from research.store.findings import replace_findings


@pytest.fixture
def page(store: Store) -> Document:
    add_account(store)
    made = read_page(store, "https://acme.example/", ["Acme", "Founded in 1998 in Leeds."])
    replace_findings(store, "acme", [finding(made, "Founded in 1998")], DAY_1)
    return made


def test_a_sound_store_has_no_problems(store: Store, page: Document) -> None:
    assert check_store(store, bodies=True) == ()
    assert verify_evidence(store, "acme") == ()
    assert verify_evidence(store, "nobody") == ()


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("UPDATE evidence SET start = start + 1", "the text there is not the quote"),
        ("UPDATE evidence SET stop = 9999", "the span leaves the text"),
        ("UPDATE evidence SET quote_sha256 = 'x'", "the text there is not the quote"),
        ("UPDATE evidence SET document_id = 'gone'", "the document is not in the store"),
        ("UPDATE texts SET data = x'00'", "is damaged"),
    ],
)
def test_evidence_that_no_longer_stands_is_named(store: Store, page: Document, sql: str, problem: str) -> None:
    store.rows("PRAGMA foreign_keys = OFF")
    store.write(sql, [()])
    (line,) = verify_evidence(store, "acme")
    assert problem in line
    assert "finding " in line


def test_evidence_in_a_document_of_another_account_is_named(store: Store, page: Document) -> None:
    add_account(store, "other")
    theirs = read_page(store, "https://acme.example/", ["Acme", "Founded in 1998 in Leeds."], account_id="other")
    store.rows("PRAGMA foreign_keys = OFF")
    store.write("UPDATE evidence SET document_id = ?", [(theirs.id,)])
    (line,) = verify_evidence(store, "acme")
    assert "the document belongs to account other" in line


def test_evidence_on_a_changed_text_is_found_even_if_the_text_reads(store: Store, page: Document) -> None:
    forged = zlib.compress(page.text.replace("1998", "1898").encode())
    store.write("UPDATE texts SET data = ?", [(forged,)])
    (line,) = verify_evidence(store, "acme")
    assert "is damaged" in line


def test_broken_references_and_bodies_are_named(store: Store, page: Document) -> None:
    store.rows("PRAGMA foreign_keys = OFF")
    store.write("DELETE FROM documents", [()])
    store.write("UPDATE bodies SET data = x'00'", [()])
    problems = check_store(store, bodies=True)
    assert any(line.startswith("evidence row") and "documents" in line for line in problems)
    assert any(line.startswith("document_passages row") for line in problems)
    assert any("body" in line and "is damaged" in line for line in problems)
    assert not any("body" in line for line in check_store(store))
