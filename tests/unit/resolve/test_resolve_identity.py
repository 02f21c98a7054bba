"""The gate: a document is about the account by domain, by registrant or by name, and says why; else it stays outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resolve_samples import ACCOUNT, document

from research.model.account import Account
from research.resolve.identity import admit, count_names, infer_aliases, infer_name, spelled_otherwise

FLUX = Account(id="flux", name="Flux Federation", domains=("flux.example",), aliases=("Flux",))


@pytest.mark.parametrize(
    "url",
    ["https://harrowgate.example/", "https://www.harrowgate.example/about", "http://ir.harrowgate.example:8080/x"],
)
def test_the_account_s_own_domain_opens_the_gate(url):
    admission = admit(document(text="It rains.", url=url), ACCOUNT)
    assert (admission.admitted, admission.own) == (True, True)
    assert "harrowgate.example" in admission.reason
    assert (admission.document_id, admission.url) == ("d1", url)


@pytest.mark.parametrize(
    "url",
    [
        "https://harrowgate.example.evil.example/",
        "https://notharrowgate.example/",
        "https://evil.example/harrowgate.example",
        "https://harrowgate.org/",
        "file:harrowgate.example.html",
    ],
)
def test_a_domain_that_only_looks_like_it_does_not(url):
    assert not admit(document(text="It rains.", url=url), ACCOUNT).admitted


@pytest.mark.parametrize("registrant", ["HARROWGATE SYSTEMS INC /DE/", "Harrowgate Systems, Inc.", "Harrowgate"])
def test_a_filing_is_the_registrant_s(registrant):
    admission = admit(document(text="It rains.", registrant=registrant), ACCOUNT)
    assert (admission.admitted, admission.own) == (True, True)
    assert registrant in admission.reason


def test_a_filing_of_another_is_kept_out_however_often_it_names_the_account():
    admission = admit(document(text="Harrowgate Systems " * 50, registrant="Brightmoor Foods, Inc."), ACCOUNT)
    assert not admission.admitted
    assert "Brightmoor Foods" in admission.reason


def test_a_filing_on_the_own_domain_is_the_account_s():
    url = "https://ir.harrowgate.example/10-k"
    assert admit(document(url=url, registrant="HARROWGATE SYSTEMS INC"), ACCOUNT).own


@pytest.mark.parametrize(
    ("text", "admitted"),
    [
        ("Harrowgate is new. We like Harrowgate Systems, Inc. a lot.", True),
        ("HARROWGATE SYSTEMS GROWS. Harrowgate’s plant is big.", True),
        ("Harrowgate is named once in passing.", False),
        ("It rains.", False),
        ("Harrowgates and NewHarrowgate and www.harrowgate.example and more", False),
        ("", False),
    ],
)
def test_by_name_it_takes_more_than_one_passing_mention(text, admitted):
    admission = admit(document(text=text), ACCOUNT)
    assert admission.admitted is admitted
    assert admission.reason


def test_only_what_names_the_account_at_its_head_is_its_own():
    far = "It rains. " * 300 + "Harrowgate and Harrowgate and Harrowgate"
    assert (admit(document(text=far), ACCOUNT).admitted, admit(document(text=far), ACCOUNT).own) == (True, False)
    assert admit(document(text=far, title="Harrowgate grows", url="file:a.html"), ACCOUNT).own


def test_what_another_site_says_of_the_account_is_not_its_own_word():
    text = "Leave Harrowgate for Quillon. We beat Harrowgate every day."
    admission = admit(document(text=text, title="Quillon vs Harrowgate", url="https://www.quillon.example/vs"), ACCOUNT)
    assert admission.admitted
    assert not admission.own


@pytest.mark.parametrize(
    ("text", "admitted"),
    [
        ("Flux Power sells batteries. Flux Power Holdings grew. Flux Power is listed.", False),
        ("Flux Power and Flux Capital met. Flux Federation was there once.", False),
        ("Flux Power is big. Flux Power grows. Flux is small.", False),
        ("Flux Federation makes software. Flux is in Wellington.", True),
        ("Flux Federation makes software. Flux Federation is in Wellington. Flux Power is another.", True),
        ("Flux makes software. Flux is in Wellington.", True),
    ],
)
def test_a_company_of_a_similar_name_is_another_company(text, admitted):
    admission = admit(document(text=text), FLUX)
    assert admission.admitted is admitted
    if not admitted:
        assert "Flux Power" in admission.reason


def test_each_of_two_accounts_has_its_own_documents():
    power = Account(id="flux-power", name="Flux Power", domains=("fluxpower.example",))
    of_power = document(text="Flux Power sells batteries. Flux Power Holdings grew.")
    of_federation = document(text="Flux Federation makes software. Flux Federation is in Wellington.")
    assert [admit(d, power).admitted for d in (of_power, of_federation)] == [True, False]
    assert [admit(d, FLUX).admitted for d in (of_power, of_federation)] == [False, True]


def test_corporate_words_make_no_other_company():
    full, longer = count_names(
        "Harrowgate Inc. and Harrowgate Group. Harrowgate Holdings. Harrowgate Systems Ltd", ACCOUNT
    )
    assert (full, longer.total()) == (4, 0)


@given(st.text(max_size=80))
def test_the_gate_always_decides_with_a_reason(text):
    admission = admit(document(text=text, title=text[:20]), ACCOUNT)
    assert admission.reason
    assert admission.admitted or not admission.own


# --- names ----------------------------------------------------------------------------------------------------------


def test_the_name_is_what_the_pages_call_the_site():
    pages = [
        document("1", "It rains.", title="Home | Harrowgate Systems"),
        document("2", "It rains.", title="About us | Harrowgate Systems"),
        document("3", "It rains.", title="Leaks - a guide | Harrowgate Systems"),
    ]
    assert infer_name(pages, "harrowgate.example") == "Harrowgate Systems"


def test_the_name_comes_without_its_legal_form():
    page = document(text="© 2022 Harrowgate Systems, Inc. All rights reserved.")
    assert infer_name([page], "harrowgatesystems.example") == "Harrowgate Systems"


def test_what_the_domain_spells_goes_before_what_is_printed_more_often():
    pages = [document(str(n), title="Meters for all | Harrowgate") for n in range(2)]
    pages += [document(str(n), title="Meters for all - News") for n in range(2, 6)]
    assert infer_name(pages, "harrowgate.example") == "Harrowgate"


@pytest.mark.parametrize(
    ("metadata", "domain", "name"),
    [
        ({"site_name": "Tallow & Sons"}, "tas.example", "Tallow & Sons"),
        ({"organization_name": "Moorland Ledger"}, "ml.example", "Moorland Ledger"),
    ],
)
def test_where_the_domain_spells_no_name_the_pages_metadata_do(metadata, domain, name):
    assert infer_name([document(**metadata)], domain) == name


def test_without_pages_the_domain_is_all_there_is():
    assert infer_name([], "harrowgate.example") == "Harrowgate"


def test_aliases_are_the_forms_that_the_pages_print_more_than_once():
    text = "Harrowgate Systems, Inc. makes meters. Harrowgate sells. Harrowgate buys. Harrowgate Systems Ltd too."
    pages = [document("1", text), document("2", "Harrowgate Systems, Inc. grows.")]
    aliases = infer_aliases(pages, "Harrowgate Systems")
    assert {"Harrowgate Systems, Inc.", "Harrowgate"} == set(aliases)


def test_a_first_word_that_stands_alone_elsewhere_only_is_no_alias():
    assert infer_aliases([document(text="Green grass. Green trees. Green fields.")], "Green Meters") == ()
    assert infer_aliases([], "Green Meters") == ()


def test_a_short_first_word_is_no_alias():
    assert infer_aliases([document(text="The Sea Meters firm. Sea and sea. Sea of Norway. Sea.")], "Sea Meters") == ()


@pytest.mark.parametrize(
    ("name", "text", "spelled"),
    [
        ("TALLYBRIDGE", "Tally Bridge grew. Tally Bridge hired.", "Tally Bridge"),
        ("OHARAFOODS", "O’Hara Foods sells soup; O’Hara Foods grew.", "O’Hara Foods"),
        ("TALLYBRIDGE", "Tally Bridge grew once.", None),
        ("ACME", "A C M E and A C M E", None),
        ("BESTBUY", "the best buy is a best buy", None),
    ],
)
def test_a_name_spelled_otherwise_is_seen(name, text, spelled):
    assert spelled_otherwise(text, name) == spelled
