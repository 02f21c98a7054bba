"""A brief from a name alone, out of all source kinds at once, over the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.bootstrap import open_workspace
from pipelines.brief import Order, Outcome, make_brief
from pipelines.verify import verify_file
from research.errors import DossierError
from research.sources.registry import KINDS

from .example import NOW, Stored
from .small_internet import SmallInternet, small_internet

SETTINGS = 'contact = "Test Desk desk@seller.example"\n'


@dataclass
class Briefed:
    """A finished brief with the little internet that it was made of."""

    outcome: Outcome
    brief: dict[str, Any]
    problems: int
    net: SmallInternet

    def hosts_of(self, finding: dict[str, Any]) -> set[str]:
        return {evidence["url"].split("/")[2].split(":")[0] for evidence in finding["evidence"]}

    def state(self, kind: str) -> Any:
        return next(s for s in self.outcome.brief.sources if s.kind == kind)


def make(net: SmallInternet, home: Path, kinds: tuple[str, ...], target: str = "Northfield Robotics") -> Briefed:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    out = home / "out"
    with open_workspace(home, lambda: NOW) as opened:
        workspace = replace(opened, internet=net.internet())
        outcome = make_brief(Order(target=target, kinds=kinds, out=out), workspace)
        verified = verify_file(out / "brief.json", workspace)
    brief = json.loads((out / "brief.json").read_text(encoding="utf-8"))
    return Briefed(outcome, brief, len(verified.problems), net)


def kinds_of(briefed: Briefed) -> set[str]:
    """The source kinds whose documents some finding cites."""
    return {kind for field in briefed.brief["coverage"] if field["state"] != "not_searched" for kind in field["kinds"]
            if field["state"] in ("filled", "conflicting")}  # fmt: skip


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Briefed]:
    with small_internet() as net:
        yield make(net, tmp_path_factory.mktemp("home"), ("site", *KINDS))


def test_every_quote_is_where_it_is_said_to_be(everything: Briefed) -> None:
    assert everything.problems == 0
    assert all(f["evidence"] for f in everything.brief["findings"])


def test_facts_come_from_at_least_six_kinds(everything: Briefed) -> None:
    assert len(kinds_of(everything)) >= 6, kinds_of(everything)


def test_the_website_that_a_register_states_is_read(everything: Briefed) -> None:
    assert everything.state("site").state == "read"
    assert everything.brief["account"]["domains"] == ["northfield-robotics.example"]


def test_the_identifiers_are_known_afterwards(everything: Briefed) -> None:
    identifiers = everything.brief["account"]["identifiers"]
    assert identifiers["lei"] == "549300NORTHFLDRBT042"
    assert identifiers["cik"] == "0009901234"


def test_what_sources_contradict_is_shown_with_its_kind(everything: Briefed) -> None:
    conflicts = {c["field"]: c for c in everything.brief["conflicts"]}
    assert {"founded", "headquarters", "employees"} <= conflicts.keys()
    contested = next(s for s in everything.brief["sections"] if s["name"] == "contested")
    assert any("2008" in claim["text"] and "2009" in claim["text"] for claim in contested["claims"])


def test_three_kinds_down_cost_only_what_they_held_and_the_gaps_say_why(tmp_path: Path) -> None:
    with small_internet() as net:
        net.down |= {"api.gleif.org", "boards-api.greenhouse.io"}
        net.refusing["www.sec.gov"] = net.refusing["data.sec.gov"] = (403, {})
        made = make(net, tmp_path, ("site", *KINDS))
    assert made.problems == 0
    states = {kind: made.state(kind).state for kind in ("gleif", "edgar", "greenhouse", "site", "wikidata")}
    assert states == {"gleif": "down", "edgar": "blocked", "greenhouse": "down", "site": "read", "wikidata": "read"}
    assert "HTTP 403" in made.state("edgar").reason
    coverage = {c["field"]: c for c in made.brief["coverage"]}
    assert coverage["competitors"]["state"] == "blocked"
    assert "edgar" in coverage["competitors"]["reason"]
    assert coverage["founded"]["state"] == "conflicting"
    gaps = {gap["field"]: gap["state"] for section in made.brief["sections"] for gap in section["gaps"]}
    assert "blocked" in gaps.values(), gaps
    page = (tmp_path / "out" / "brief.md").read_text(encoding="utf-8")
    assert "could not be reached" in page
    assert "refused to be read" in page


def test_a_service_that_is_busy_is_waited_for(tmp_path: Path) -> None:
    with small_internet() as net:
        net.refusing["api.gleif.org"] = (429, {"Retry-After": "0"})
        made = make(net, tmp_path, ("wikidata", "gleif"))
        asked = [a for a in net.asked if a.host == "api.gleif.org" and a.target.endswith("NORTHFLDRBT042")]
    assert made.state("gleif").state == "blocked"
    assert "too many requests" in made.state("gleif").reason
    assert len(asked) == 2


def test_without_a_contact_nothing_is_asked_of_those_who_want_one(tmp_path: Path) -> None:
    with small_internet() as net, open_workspace(tmp_path, lambda: NOW) as opened:
        workspace = replace(opened, internet=net.internet())
        order = Order(target=f"http://www.northfield-robotics.example:{net.port}/", kinds=("site", "wikidata", "gleif"))
        outcome = make_brief(replace(order, out=tmp_path / "out"), workspace)
        asked = {asked.host for asked in net.asked}
    assert "www.wikidata.org" not in asked
    state = next(s for s in outcome.brief.sources if s.kind == "wikidata")
    assert (state.state, "contact" in state.reason) == ("not_asked", True)


def test_the_contact_is_named_to_those_who_want_one(everything: Briefed) -> None:
    agents = {a.agent for a in everything.net.asked if a.host.endswith("wikidata.org")}
    assert agents == {"AccountDossier/0.1 (Test Desk desk@seller.example)"}


def test_a_second_run_learns_nothing_new_and_makes_the_same_findings(tmp_path: Path) -> None:
    with small_internet() as net:
        first = make(net, tmp_path, ("site", "wikidata", "gleif"))
        second = make(net, tmp_path, ("site", "wikidata", "gleif"))
    assert [f["id"] for f in first.brief["findings"]] == [f["id"] for f in second.brief["findings"]]
    assert not any("action=wbsearchentities" in a.target for a in net.asked[len(net.asked) // 2 + 2 :])


def test_an_earlier_state_of_a_page_says_nothing_where_a_later_one_is_known(everything: Briefed) -> None:
    earlier = [a for a in everything.brief["identity"] if "as it was on" in a["reason"]]
    assert len(earlier) >= 1
    values = [
        f["attributes"]["value"] for f in everything.brief["findings"] if f["attributes"].get("field") == "employees"
    ]
    assert not any("640" in value for value in values)
    assert any("/leadership" in d["url"] for d in everything.brief["documents"])  # a page that is in the archive alone


def test_a_name_that_two_companies_bear_is_not_picked_but_asked_back(tmp_path: Path) -> None:
    with small_internet() as net:
        twins = [
            {"attributes": {"lei": f"549300TWIN{place}0000000{place}", "entity": {"legalName": {"name": f"Twin Mills {form}"},
             "headquartersAddress": {"city": place, "country": "US"}, "status": "ACTIVE"}}}
            for place, form in (("RENO", "Inc."), ("OMAH", "LLC"))
        ]  # fmt: skip
        search = "https://api.gleif.org/api/v1/lei-records?filter[entity.names]=Twin Mills"
        net.answers.insert(0, Stored(url=search, body=json.dumps({"data": twins}).encode()))
        with pytest.raises(DossierError, match=r"ambiguous: 2 are called so.*RENO.*choose one with --id lei="):
            make(net, tmp_path, ("gleif",), "Twin Mills")


def test_attribution_that_a_licence_asks_for_stands_in_every_form(everything: Briefed) -> None:
    words = "Wikipedia contributors, CC BY-SA 4.0"
    assert any(document.get("attribution") == words for document in everything.brief["documents"])
    for path in everything.outcome.paths:
        assert words in path.read_text(encoding="utf-8"), path.name
