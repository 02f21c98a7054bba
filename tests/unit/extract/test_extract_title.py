"""Titles and languages."""

from __future__ import annotations

import pytest

from research.extract.language import language_of
from research.extract.title import page_title


@pytest.mark.parametrize(
    ("open_graph", "heading", "document", "site", "expected"),
    [
        ("", "About us", "About us | Acme", "", "About us"),
        ("", "", "Pricing | Acme", "Acme", "Pricing"),
        ("", "", "Acme – Parcel robots", "Acme, Inc.", "Parcel robots"),
        ("Acme opens an office", "News", "x | y", "Acme", "Acme opens an office"),
        ("", "", "Acme vs. Zeta - which sorts better?", "Acme", "Acme vs. Zeta - which sorts better?"),
        ("", "Only a heading", "", "", "Only a heading"),
        ("", "", "Acme", "Acme", "Acme"),
        ("", "", "Real-time sorting", "", "Real-time sorting"),
        ("", "", "", "", ""),
    ],
)
def test_a_title_loses_the_name_of_its_site(open_graph, heading, document, site, expected):
    assert page_title(open_graph=open_graph, heading=heading, document=document, site=site) == expected


@pytest.mark.parametrize(("declared", "expected"), [("en-GB", "en"), ("de", "de"), (" FR ", "fr"), ("pt_BR", "pt")])
def test_the_declared_language_is_believed(declared, expected):
    assert language_of(declared, "") == expected


def test_without_a_declaration_the_words_tell():
    german = "Das Unternehmen wurde im Jahr 1999 gegründet und beschäftigt heute mehr als tausend Menschen in Berlin."
    assert language_of(None, german) == "de"
    assert language_of("x-default", german) == "de"
    assert language_of(None, "Oslo") is None
