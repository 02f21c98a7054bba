"""Who is meant by what a rep types: the single cases, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.resolving import resolve_all
from research.model.account import Account
from research.resolve.candidates import choose
from research.sources.kind import Candidate, Subject
from research.store.accounts import save_account

from .example import NOW
from .small_internet import small_internet


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with no network but the small one."""
    home = tmp_path_factory.mktemp("home")
    (home / "settings.toml").write_text('contact = "Test Desk desk@seller.example"\n', encoding="utf-8")
    with small_internet() as net, open_workspace(home, lambda: NOW) as opened:
        yield replace(opened, internet=net.internet())


def test_an_account_of_the_store_is_known_by_its_site(workspace: Workspace) -> None:
    save_account(workspace.store, Account(id="vesper-oak", name="Vesper Oak", domains=("vesperoak.example",)))
    (by_site,) = resolve_all([("info@vesperoak.example", "")], workspace, ())
    (by_name,) = resolve_all([("Vesper Oak GmbH", "")], workspace, ())
    assert by_site.identifiers == by_name.identifiers == (("account", "vesper-oak"),)
    assert "vesperoak.example" in by_site.reason


CANDIDATES = (
    Candidate(identifier=("lei", "A"), name="Acme Inc.", website="https://www.acme.example/"),
    Candidate(identifier=("lei", "B"), name="Acme Ltd"),
    Candidate(identifier=("lei", "C"), name="Acme Power Corp"),
    Candidate(identifier=("lei", "D"), name="Orrin plc", aliases=("Orrin Mills",)),
    Candidate(identifier=("lei", "E"), name="Fairlop Inc"),
    Candidate(identifier=("lei", "F"), name="Fairlop Group plc"),
    Candidate(identifier=("lei", "G"), name="Garnock AB"),
    Candidate(identifier=("lei", "H"), name="Kirkby Steel AB", aliases=("Garnock",)),
    Candidate(identifier=("lei", "I"), name="Hartsop Holdings Inc"),
)


@pytest.mark.parametrize(
    ("typed", "domains", "state", "picked"),
    [
        ("Acme", (), "ambiguous", None),
        ("Acme Ltd", (), "resolved", "B"),
        ("Acme Limited", (), "resolved", "B"),
        ("Acme GmbH", (), "ambiguous", None),
        ("Acme", ("acme.example",), "resolved", "A"),
        ("Acme Inc.", ("other.example",), "ambiguous", None),
        ("Acme Power", (), "resolved", "C"),
        ("Orrin Mills", (), "resolved", "D"),
        ("Orrin India", (), "ambiguous", None),
        ("Orrin (old)", (), "resolved", "D"),
        ("Fairlop", (), "ambiguous", None),
        ("Fairlop Group", (), "resolved", "F"),
        ("Fairlop Inc", (), "resolved", "E"),
        ("Garnock", (), "ambiguous", None),
        ("Hartsop Ltd", (), "ambiguous", None),
        ("Hartsop Pty", (), "ambiguous", None),
        ("Hartsop", (), "resolved", "I"),
        ("Ac", (), "failed", None),
        ("Power", (), "failed", None),
    ],
)
def test_one_is_chosen_only_where_it_stands_alone(typed, domains, state, picked) -> None:
    choice = choose(Subject(name=typed, today="2026-01-01", domains=domains), CANDIDATES)
    assert (choice.state, choice.picked and choice.picked.identifier[1]) == (state, picked), choice.reason
    assert choice.reason
