"""Spellings of one company's name meet under one key, and those of two companies do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.text.names import LEGAL_SUFFIXES, company_key, fold, slug, without_suffix


@pytest.mark.parametrize(
    "spelling",
    [
        "Harrowgate Systems",
        "Harrowgate Systems, Inc.",
        "Harrowgate Systems Inc",
        "HARROWGATE SYSTEMS INC /DE/",
        "Harrowgate Systems /MN",
        "The Harrowgate Systems Company",
        "the harrowgate systems",
        "Harrowgate Systems’s",
        "Harrowgate Systems's",
        "Harrowgate-Systems",
        "Harrowgate  Systems L.L.C.",
        "Harrowgate Systems Co., Ltd.",
        "Harrowgate Systems Pty Ltd",
        "Harrowgate Systems S.p.A.",
        "Harrowgate Systems N.V.",
        "Härrowgate Systems GmbH",
    ],
)
def test_spellings_of_one_company_meet(spelling):
    assert company_key(spelling) == "harrowgate systems"


@pytest.mark.parametrize("form", [f for f in LEGAL_SUFFIXES if f not in ("co", "company")])
def test_every_legal_form_is_dropped_at_the_end_only(form):
    assert company_key(f"Quillon {form.upper()}") == "quillon"
    assert company_key(f"Quillon, {form.title()}.") == "quillon"
    assert company_key(f"{form.title()} Quillon") != "quillon"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harrowgate Systems", "Harrowgate Foods"),
        ("Quillon", "Quillon Data"),
        ("Quillon Holdings Inc", "Quillon Inc"),
        ("Theron", "Ron"),
        ("Incline", "Line"),
        ("Cohort", "Hort"),
    ],
)
def test_names_of_two_companies_do_not_meet(one, other):
    assert company_key(one) != company_key(other)


@pytest.mark.parametrize("name", ["Inc.", "Co", "The", "Company", "Limited"])
def test_a_name_that_is_nothing_but_a_form_keeps_a_key(name):
    assert company_key(name)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Rapidwell, Inc.", "Rapidwell"),
        ("Brightmoor Foods plc", "Brightmoor Foods"),
        ("Brightmoor Co., Ltd.", "Brightmoor"),
        ("  Brightmoor AS ", "Brightmoor"),
        ("Brightmoor", "Brightmoor"),
        ("Inc.", "Inc."),
        ("Cobalt", "Cobalt"),
    ],
)
def test_the_name_without_its_legal_form(name, plain):
    assert without_suffix(name) == plain


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Société-Générale & Co.", "societe generale and co"),
        ("  Brightmoor’s  ", "brightmoor"),
        ("O’Hara", "o hara"),
        ("STRASSE Straße", "strasse strasse"),
        ("ﬁne—print", "fine print"),
        ("...", ""),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


NAMES = st.lists(
    st.sampled_from(
        ["Quillon", "The", "the", "&", "Co", "Inc.", "’s", "'s", "/DE/", "S.A.", "é", "-", ",", "Ltd", "7"]
    ),
    max_size=6,
).map(" ".join) | st.text(max_size=20)


@given(NAMES)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert all(char.isalnum() or char == " " for char in fold(text))


WORDS = st.from_regex(r"[A-Z][a-zé]{2,7}", fullmatch=True)
FORMS = st.sampled_from(["", " Inc.", ", Inc", " GmbH", " S.A.", " Co., Ltd.", " plc", " /DE/", "’s", "'s"])


@given(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), FORMS)
def test_the_key_of_a_key_is_the_key(name, form):
    key = company_key(name + form)
    assert key
    assert company_key(key) == key


@given(st.text(alphabet="abcdefgh XYZ", min_size=1, max_size=20).filter(str.strip))
def test_case_and_punctuation_make_no_other_company(name):
    assert company_key(name.upper()) == company_key(f" {name.lower()}. ") == company_key(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Flux Federation Ltd", "flux-federation"),
        ("Société Brûlée S.A.", "societe-brulee"),
        ("日本", "account"),
        ("", "account"),
        ("../../etc", "etc"),
    ],
)
def test_slugs_name_files(name, expected):
    assert slug(name) == expected


@given(st.text(max_size=200))
def test_a_slug_is_always_safe_in_a_path(name):
    assert 0 < len(slug(name)) <= 60
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
