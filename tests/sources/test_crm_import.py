"""200 accounts of a CRM export with messy names, from the command over all default registers to the table."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.cli import app
from research.store.accounts import list_accounts

from .example import NOW
from .made_up_registers import Company, Registers, load_companies
from .small_internet import SmallInternet, small_internet

FOLDER = Path(__file__).parent / "crm"
COMPANIES = {company.key: company for company in load_companies(FOLDER / "companies.csv")}


@dataclass(frozen=True)
class Line:
    """A line of the command's table beside the row of the file that it answers."""

    typed: str
    website: str
    truth: str
    state: str
    name: str
    identifiers: tuple[tuple[str, str], ...]
    reason: str

    @property
    def company(self) -> Company | None:
        """Who is meant by the file's own truth column; None where nobody can be known."""
        return COMPANIES[self.truth.removeprefix("guess ")] if self.truth else None

    @property
    def wrong(self) -> bool:
        """Whether somebody is picked who is not meant, or is given an identifier of somebody else."""
        known = self.company.identifiers if self.company else frozenset()
        return self.state == "resolved" and not (self.identifiers and set(self.identifiers) <= known)


@dataclass(frozen=True)
class Table:
    """What the command printed."""

    lines: tuple[Line, ...]
    note: str
    net: SmallInternet

    def of(self, typed: str, website: str = "") -> Line:
        """The line of a row."""
        return next(line for line in self.lines if (line.typed, line.website) == (typed, website))


def resolve(home: Path, net: SmallInternet, monkeypatch: pytest.MonkeyPatch, *options: str) -> Table:
    """`dossier accounts resolve --crm map.toml` over a small internet."""
    (home / "settings.toml").write_text('contact = "Test Desk desk@seller.example"\n', encoding="utf-8")

    @contextmanager
    def workspace(folder: Path | None) -> Iterator[Workspace]:
        with open_workspace(folder or home, lambda: NOW) as opened:
            yield replace(opened, internet=net.internet())

    monkeypatch.setattr("pipelines.cli.workspace", workspace)
    command = ["accounts", "resolve", "--crm", str(FOLDER / "map.toml"), "--home", str(home), *options]
    shown = CliRunner().invoke(app, command, catch_exceptions=False)
    assert shown.exit_code == 0, shown.output
    with (FOLDER / "accounts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = (_line(row, text) for row, text in zip(rows, shown.stdout.splitlines(), strict=True))
    return Table(tuple(lines), shown.stderr.strip(), net)


def _line(row: dict[str, str], text: str) -> Line:
    typed, state, name, known, reason = text.split("\t")
    assert typed == " ".join(row["Account Name"].split())
    pairs = tuple((key, value) for key, _, value in (pair.partition("=") for pair in known.split()))
    return Line(typed, row["Website"], row["Truth"], state, name, pairs, reason)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    with small_internet() as net, pytest.MonkeyPatch.context() as monkeypatch:
        net.acting = Registers(tuple(COMPANIES.values()))
        yield resolve(tmp_path_factory.mktemp("home"), net, monkeypatch)


def test_of_200_messy_names_none_is_picked_wrongly(table: Table) -> None:
    assert len(table.lines) == 200
    assert [line for line in table.lines if line.wrong] == []


def test_the_table_counts_what_it_lists(table: Table) -> None:
    counts = Counter(line.state for line in table.lines)
    assert set(counts) == {"resolved", "ambiguous", "failed"}
    assert table.note == f"{counts['resolved']} resolved, {counts['ambiguous']} ambiguous, {counts['failed']} failed"


def test_all_default_registers_are_asked(table: Table) -> None:
    assert {"www.wikidata.org", "www.sec.gov", "api.gleif.org"} <= {asked.host for asked in table.net.asked}
    keys = {key for line in table.lines for key, _ in line.identifiers}
    assert {"cik", "lei", "wikidata"} <= keys


def test_nearly_all_that_can_be_known_is_resolved(table: Table) -> None:
    """A truth of "guess" may be left open: a misspelt name or another legal form is a guess, and a guess is no pick."""
    knowable = [line for line in table.lines if line.truth and not line.truth.startswith("guess")]
    left = [line for line in knowable if line.state != "resolved"]
    assert len(left) <= 0.05 * len(knowable), left


@pytest.mark.parametrize(
    ("typed", "website", "state", "words"),
    [
        ("Brankmoor Cycles", "", "ambiguous", ("cik=", "lei=")),  # in two countries, each in another register
        ("Brankmoor Cycles GmbH", "", "resolved", ("GmbH",)),
        ("Hobbleston Paints Limited", "", "ambiguous", ("Leeds, GB", "Cork, IE")),
        ("Hobbleston Paints", "www.hobbleston.example", "resolved", ("hobbleston.example",)),
        ("Kettlebury", "", "ambiguous", ("Kettlebury Group plc", "Kettlebury Limited")),
        ("Kettlebury Iberia", "", "resolved", ("Kettlebury Iberia S.A.",)),
        ("Kettlebury Iberia", "kettlebury.example", "ambiguous", ("Kettlebury Group", "Kettlebury Iberia S.A.")),
        ("Ockley Brushes", "pennard.example", "ambiguous", ("the website is of Pennard Valves",)),
        ("Pennard Valves", "ockley.example", "ambiguous", ("has another website than ockley.example",)),
        ("Ullock", "", "ambiguous", ("Ullock Inc", "Umberslade Chemicals")),
        ("WYKE", "", "ambiguous", ("Yaxley Bakeries Corp", "Wyke SE")),
        ("Zealholm Trading t/a Abbotsleigh Pools", "", "ambiguous", ("Zealholm", "Abbotsleigh Pools Pty Ltd")),
        ("Veldtbrook Energy, plc", "", "ambiguous", ("Veldtbrook Energy CORP",)),  # whose label in Wikidata has no form
        ("Cornerways", "", "ambiguous", ("Cornerways Inc.", "Cornerways LLC")),  # on two pages of the register
    ],
)
def test_those_who_share_a_name_are_told_apart_or_asked_back(table, typed, website, state, words) -> None:
    line = table.of(typed, website)
    assert line.state == state, line
    assert all(word in line.reason for word in words), line.reason


def test_twins_are_ambiguous_and_both_are_named(table: Table) -> None:
    twins = [line for line in table.lines if line.typed.endswith(" Trust")]
    assert len(twins) > 5
    assert {line.state for line in twins} == {"ambiguous"}
    assert all(line.reason.count("cik=") == 2 for line in twins)


def test_each_account_that_is_kept_is_one_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Namesakes that are told apart stay apart, and a second run over the kept accounts picks nobody else."""
    with small_internet() as net:
        net.acting = Registers(tuple(COMPANIES.values()))
        first = resolve(tmp_path, net, monkeypatch, "--add")
        with open_workspace(tmp_path, lambda: NOW) as opened:
            kept = [dict(account.identifiers) for account in list_accounts(opened.store)]
        second = resolve(tmp_path, net, monkeypatch)
    meant = {line.company.key for line in first.lines if line.state == "resolved" and line.company}
    assert len(kept) == len(meant)
    assert all(any(set(known.items()) <= company.identifiers for company in COMPANIES.values()) for known in kept)
    again = [replace(line, identifiers=tuple(p for p in line.identifiers if p[0] != "account"))
             for line in second.lines]  # fmt: skip
    assert [line for line in again if line.wrong] == []


def test_a_register_that_is_down_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_internet() as net:
        net.acting = Registers(tuple(COMPANIES.values()))
        net.down.add("api.gleif.org")
        table = resolve(tmp_path, net, monkeypatch)
    assert all("GLEIF" in line.reason and "did not answer" in line.reason for line in table.lines if line.identifiers)
