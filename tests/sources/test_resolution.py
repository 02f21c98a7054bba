"""Who is meant by what a rep types: 200 messy names of a CRM against a register, and the single cases."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.resolving import Resolved, resolve_all
from research.model.account import Account
from research.resolve.candidates import choose
from research.sources.kind import Candidate, Subject
from research.store.accounts import save_account

from .example import NOW, Stored
from .small_internet import small_internet

FOLDER = Path(__file__).parent / "crm"
TICKERS = "https://www.sec.gov/files/company_tickers.json"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace whose register is the made-up one of the CRM."""
    home = tmp_path_factory.mktemp("home")
    (home / "settings.toml").write_text('contact = "Test Desk desk@seller.example"\n', encoding="utf-8")
    with small_internet() as net, open_workspace(home, lambda: NOW) as opened:
        net.answers.insert(0, Stored(url=TICKERS, body=(FOLDER / "register.json").read_bytes()))
        yield replace(opened, internet=net.internet())


@pytest.fixture(scope="module")
def crm(workspace: Workspace) -> list[tuple[dict[str, str], Resolved]]:
    """Each row of the file with its answer."""
    with (FOLDER / "accounts.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    answers = resolve_all([(row["Account Name"], row["Website"]) for row in rows], workspace, ("edgar",))
    return list(zip(rows, answers, strict=True))


def test_of_200_messy_names_none_is_picked_wrongly(crm: list[tuple[dict[str, str], Resolved]]) -> None:
    assert len(crm) == 200
    wrong = [
        (row["Account Name"], dict(answer.identifiers)["cik"], row["Truth"])
        for row, answer in crm
        if answer.state == "resolved" and dict(answer.identifiers)["cik"] != row["Truth"].removeprefix("typo ")
    ]
    assert wrong == []


def test_nearly_all_that_can_be_known_is_resolved(crm: list[tuple[dict[str, str], Resolved]]) -> None:
    """A truth of "typo" may be left open: a misspelt name is a guess, and a guess is no pick."""
    knowable = [answer for row, answer in crm if row["Truth"] and not row["Truth"].startswith("typo")]
    resolved = [answer for answer in knowable if answer.state == "resolved"]
    assert len(resolved) >= 0.95 * len(knowable), Counter(a.state for a in knowable)


def test_twins_are_ambiguous_and_both_are_named(crm: list[tuple[dict[str, str], Resolved]]) -> None:
    twins = [a for row, a in crm if row["Account Name"].endswith(" Trust")]
    assert len(twins) > 5
    assert {a.state for a in twins} == {"ambiguous"}
    assert all(a.reason.count("cik=") == 2 for a in twins)


def test_every_answer_has_its_reason(crm: list[tuple[dict[str, str], Resolved]]) -> None:
    assert all(answer.reason for _, answer in crm)
    assert {answer.state for _, answer in crm} == {"resolved", "ambiguous", "failed"}


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
)


@pytest.mark.parametrize(
    ("typed", "domains", "state", "picked"),
    [
        ("Acme", (), "ambiguous", None),
        ("Acme Ltd", (), "resolved", "B"),
        ("Acme", ("acme.example",), "resolved", "A"),
        ("Acme Inc.", ("other.example",), "ambiguous", None),
        ("Acme Power", (), "resolved", "C"),
        ("Orrin Mills", (), "resolved", "D"),
        ("Orrin India", (), "ambiguous", None),
        ("Orrin (old)", (), "resolved", "D"),
        ("Ac", (), "failed", None),
        ("Power", (), "failed", None),
    ],
)
def test_one_is_chosen_only_where_it_stands_alone(typed, domains, state, picked) -> None:
    choice = choose(Subject(name=typed, today="2026-01-01", domains=domains), CANDIDATES)
    assert (choice.state, choice.picked and choice.picked.identifier[1]) == (state, picked), choice.reason
    assert choice.reason
