"""What people type for a company."""

from __future__ import annotations

import pytest

from research.text.typed import read_typed


@pytest.mark.parametrize(
    ("text", "name", "variants", "regional", "domain"),
    [
        ("Acme", "Acme", (), (), ""),
        ("  ACME   Corp. ", "ACME Corp.", (), (), ""),
        ("ACME US", "ACME US", (), ("ACME",), ""),
        ("acme.com", "acme.com", (), (), "acme.com"),
        ("https://www.acme.co.uk/about?x=1", "acme.co.uk", (), (), "acme.co.uk"),
        ("jane.roe@mail.acme.com", "acme.com", (), (), "acme.com"),
        ("jane@gmail.com", "gmail.com", (), (), ""),
        ("https://www.linkedin.com/company/acme-mills/", "acme mills", (), (), ""),
        ("Acme, Inc. - West", "Acme, Inc. - West", ("Acme, Inc.",), (), ""),
        ("OLD - Acme Inc", "Acme Inc", (), (), ""),
        ("Acme Mills dba Orrin", "Acme Mills dba Orrin", ("Acme Mills", "Orrin"), (), ""),
        ("Acme (Leeds)", "Acme (Leeds)", ("Acme",), (), ""),
        ("AT&T", "AT&T", (), (), ""),
        ("3M", "3M", (), (), ""),
        ("", "", (), (), ""),
    ],
)
def test_a_name_is_freed_of_what_stands_around_it(text, name, variants, regional, domain) -> None:
    typed = read_typed(text)
    assert (typed.name, typed.variants, typed.regional, typed.domain) == (name, variants, regional, domain)
