"""The brief of the sample company against what is known to be true of it."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from pipelines.verify import verify_file
from research.draft.verify import verify_brief
from research.text.names import company_key, fold

from .conftest import SampleRun, workspace_of


def _value(sample: SampleRun, field: str) -> str:
    return str(sample.findings("fact", field=field)[0]["attributes"]["value"])


@pytest.mark.parametrize(
    "field", ["legal_name", "founded", "headquarters", "employees", "revenue", "net_income", "industry", "ticker"]
)
def test_each_profile_field_states_the_truth(sample: SampleRun, field: str) -> None:
    truth = sample.truth["profile"][field]
    accepted = [fold(str(v)) for v in (truth["value"], *truth["accept"])]
    stated = fold(_value(sample, field))
    assert any(stated in form or form in stated for form in accepted), (stated, accepted)


def test_what_the_documents_do_not_state_is_not_asserted(sample: SampleRun) -> None:
    empty = [field for field, truth in sample.truth["profile"].items() if truth is None]
    assert empty
    assert not any(sample.findings("fact", field=field) for field in empty)


def test_every_true_competitor_is_found_and_nobody_else_is_called_one(sample: SampleRun) -> None:
    named = {company_key(f["attributes"]["company"]) for f in sample.findings("relation", relation="competitor")}
    for rival in sample.truth["competitors"]:
        assert named & {company_key(n) for n in (rival["name"], *rival["accept"])}, rival["name"]
    others = {company_key(c["name"]) for c in sample.truth["not_competitors"]}
    assert not named & others


def test_the_leaders_are_found_with_their_roles(sample: SampleRun) -> None:
    found = {fold(f["attributes"]["name"]): fold(f["attributes"]["role"]) for f in sample.findings("person")}
    leaders = [p for p in sample.truth["people"] if p["role"].startswith("Chief") or "President" in p["role"]]
    assert len(leaders) >= 6
    missing = [p["name"] for p in leaders if p["current"] and fold(p["name"]) not in found]
    assert not missing


def test_people_of_other_companies_are_left_out(sample: SampleRun) -> None:
    found = {fold(f["attributes"]["name"]) for f in sample.findings("person")}
    assert not found & {fold(p["name"]) for p in sample.truth["not_people"]}


def test_the_contradiction_is_shown_with_both_values(sample: SampleRun) -> None:
    field = sample.truth["contradiction"]["field"]
    (conflict,) = [c for c in sample.brief["conflicts"] if c["field"] == field and c["kind"] == "genuine"]
    quoted = json.dumps([f for f in sample.brief["findings"] if f["id"] in conflict["findings"]])
    assert all(str(value) in quoted for value in ("1,480", "1,720"))


def test_values_of_another_time_or_scope_are_no_contradiction(sample: SampleRun) -> None:
    values = {f["id"]: f["attributes"].get("value") for f in sample.brief["findings"]}
    typed = {(c["field"], c["kind"]): {values[i] for i in c["findings"][1:]} for c in sample.brief["conflicts"]}
    assert typed["employees", "period"] == {"approximately 1,390"}
    assert typed["revenue", "scope"] == {"$236.1 million"}


def test_what_must_never_appear_appears_nowhere(sample: SampleRun) -> None:
    everything = "".join(p.read_text(encoding="utf-8") for p in sample.out.iterdir())
    never = sample.truth["never"]
    for text in (*(c["text"] for c in never["canaries"]), *never["phrases"], *never["german"]["phrases"]):
        assert text not in everything


def test_the_refused_folder_and_the_other_language_are_listed_as_skipped(sample: SampleRun) -> None:
    reasons = {s["url"].split("/", 3)[-1]: s["reason"] for s in sample.brief["skipped"]}
    assert "robots.txt" in reasons["internal/partner-price-list.html"]
    assert "language" in reasons["de/"]


def test_customers_pains_are_never_the_accounts(sample: SampleRun) -> None:
    own = [f for f in sample.findings("signal", type="pain") if f["attributes"]["holder"] == "account"]
    text = " ".join(fold(e["quote"]) for f in own for e in f["evidence"])
    sold_back = [
        pain["text"]
        for pain in sample.truth["customers_pains"]
        if (quote := fold(pain["evidence"]["quote"])) and len(quote) > 20 and quote in text
    ]
    assert not sold_back


def test_every_quote_is_a_slice_and_every_claim_is_cited(sample: SampleRun) -> None:
    assert verify_brief(sample.outcome.brief) == ()
    ids = {f["id"] for f in sample.brief["findings"]}
    claims = [c for s in sample.brief["sections"] for c in s["claims"]]
    assert len(claims) > 30
    assert all(c["findings"] and set(c["findings"]) <= ids for c in claims)


def test_verify_passes_offline_and_catches_a_changed_figure(sample: SampleRun, tmp_path) -> None:
    changed = json.loads(json.dumps(sample.brief))
    claim = next(c for s in changed["sections"] for c in s["claims"] if "412.6" in c["text"])
    claim["text"] = claim["text"].replace("412.6", "472.6")
    (tmp_path / "brief.json").write_text(json.dumps(changed), encoding="utf-8")
    with workspace_of(sample.home) as workspace:
        assert verify_file(sample.out / "brief.json", workspace).problems == ()
        problems = verify_file(tmp_path / "brief.json", workspace).problems
    assert any(p.kind == "number" for p in problems)


def test_our_rivals_are_seen_where_they_are_in_use_and_nowhere_else(sample: SampleRun) -> None:
    seen = {f["attributes"]["company"] for f in sample.findings("presence")}
    assert seen == {p["company"] for p in sample.truth["presence"]}
    rivals = {f["attributes"]["company"] for f in sample.findings("relation", relation="competitor")}
    assert not seen & rivals


def test_the_sections_are_those_of_the_contract_in_order(sample: SampleRun) -> None:
    names = [s["name"] for s in sample.brief["sections"]]
    assert names == "snapshot why_now profile goals pains people market us_here questions contested".split()


def test_the_page_has_no_script_and_loads_nothing(sample: SampleRun) -> None:
    loads: list[str] = []

    class Scan(HTMLParser):
        def handle_starttag(self, tag, attrs) -> None:
            values = dict(attrs)
            if tag in ("script", "iframe", "img", "object", "embed") or (tag == "link" and values.get("href")):
                loads.append(tag)

    Scan().feed((sample.out / "brief.html").read_text(encoding="utf-8"))
    assert loads == []
