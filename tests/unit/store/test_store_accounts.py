"""Accounts, sources and our own profile."""

from __future__ import annotations

import pytest
from store_samples import add_account

from research.errors import DossierError
from research.model.account import Account, Rival, Seller, SellerOffering, Source
from research.store.accounts import (
    find_account,
    list_accounts,
    load_account,
    load_seller,
    save_account,
    save_seller,
    save_source,
    sources_of,
)
from research.store.connect import Store

RAPID = Account(
    id="rapid7",
    name="Rapid7, Inc.",
    domains=("rapid7.com", "www.metasploit.com"),
    aliases=("R7 Holdings",),
    identifiers=(("ticker", "RPD"), ("cik", "0001560327")),
    segment="security",
)


def test_an_account_comes_back_whole_and_is_replaced_by_its_id(store: Store) -> None:
    save_account(store, RAPID)
    assert load_account(store, "rapid7") == RAPID
    renamed = Account(id="rapid7", name="Rapid Seven", domains=("rapid7.com",))
    save_account(store, renamed)
    assert list_accounts(store) == (renamed,)
    assert find_account(store, "R7 Holdings") is None
    assert load_account(store, "nobody") is None


@pytest.mark.parametrize(
    "text",
    [
        "rapid7",
        "Rapid7",
        "RAPID7 INC",
        "r7 holdings",
        "rapid7.com",
        "https://www.rapid7.com/products/",
        "http://investors.rapid7.com",
        "metasploit.com",
        " rapid7 ",
    ],
)
def test_an_account_is_found_by_id_name_alias_domain_and_address(store: Store, text: str) -> None:
    save_account(store, RAPID)
    add_account(store, "seven", "Seven Rapids Ltd")
    found = find_account(store, text)
    assert found is not None
    assert found.id == "rapid7"


@pytest.mark.parametrize(
    "text", ["", "com", "https://", "notrapid7.com", "https://rapid7.com.evil.example/", "Rapid", "\x00 ' \" %"]
)
def test_what_names_no_account_finds_none(store: Store, text: str) -> None:
    save_account(store, RAPID)
    assert find_account(store, text) is None


def test_the_narrowest_domain_wins(store: Store) -> None:
    save_account(store, Account(id="group", name="Group", domains=("group.example",)))
    save_account(store, Account(id="unit", name="Unit", domains=("unit.group.example",)))
    assert (found := find_account(store, "https://www.unit.group.example/x")) is not None
    assert found.id == "unit"


def test_a_bare_top_level_is_nobodys_domain_but_its_own(store: Store) -> None:
    save_account(store, Account(id="local", name="Local", domains=("localhost",)))
    assert (found := find_account(store, "http://localhost:8000/")) is not None
    assert found.id == "local"
    assert find_account(store, "http://elsewhere.localhost/") is None


def test_two_accounts_of_one_name_must_be_told_apart(store: Store) -> None:
    for slug in ("flux-uk", "flux-us"):
        save_account(store, Account(id=slug, name="Flux Ltd", domains=(f"{slug}.example",)))
    with pytest.raises(DossierError, match="'Flux' could be flux-uk or flux-us: say which"):
        find_account(store, "Flux")
    assert (found := find_account(store, "flux-us.example")) is not None
    assert found.id == "flux-us"


def test_an_address_on_loopback_is_a_domain_too(store: Store) -> None:
    save_account(store, Account(id="sample", name="Sample", domains=("127.0.0.1",)))
    assert (found := find_account(store, "http://127.0.0.1:8123/")) is not None
    assert found.id == "sample"
    assert find_account(store, "http://10.0.0.1:8123/") is None


def test_sources_keep_their_order_and_their_account(store: Store) -> None:
    add_account(store)
    other = add_account(store, "other")
    late = Source(id="a-late", account_id="acme", kind="warc", url="x.warc.gz", options=(("k", "v"),))
    save_source(store, late)
    assert [source.id for source in sources_of(store, "acme")] == ["acme-site", "a-late"]
    assert sources_of(store, "acme")[1] == late
    with pytest.raises(DossierError, match="source a-late belongs to account acme"):
        save_source(store, Source(id="a-late", account_id=other.id, kind="warc", url="x"))
    with pytest.raises(DossierError, match="refers to one that is missing"):
        save_source(store, Source(id="s", account_id="nobody", kind="site", url="x"))


def test_there_is_one_seller(store: Store) -> None:
    assert load_seller(store) is None
    seller = Seller(
        name="Ours",
        offerings=(SellerOffering(name="Shield", description="d", solves=("slow audits",)),),
        rivals=(Rival(name="Theirs", aliases=("T",)),),
    )
    save_seller(store, Seller(name="Before"))
    save_seller(store, seller)
    assert load_seller(store) == seller
