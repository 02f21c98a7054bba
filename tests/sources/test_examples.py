"""Every source kind against its captured example: what is asked, what is learned, what each line states."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from research.extract.dispatch import extract_capture
from research.model.account import Account
from research.model.capture import Skipped
from research.resolve.identity import admit
from research.sources.kind import event, relation
from research.sources.policy import load_policies
from research.sources.registry import KINDS

from .example import EXAMPLES, FakeClient, KindRun, capture_of, golden_of, load_example, run_example

KINDS_WITH_STATEMENTS = sorted(KINDS)


@pytest.fixture(scope="module", params=sorted(KINDS))
def run(request: pytest.FixtureRequest) -> KindRun:
    return run_example(load_example(request.param))


def test_every_kind_has_an_example_and_a_policy_and_no_policy_is_without_a_kind() -> None:
    assert {p.parent.name for p in EXAMPLES.glob("*/golden.json")} == set(KINDS)
    assert set(load_policies()) == {*KINDS, "site", "own"}


def test_the_example_gives_what_its_golden_says(run: KindRun, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["run"]
    golden = json.loads((EXAMPLES / name / "golden.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(golden_of(run))) == golden


def test_every_statement_stands_in_its_quote(run: KindRun) -> None:
    checked = 0
    for document in golden_of(run)["documents"]:
        for said in document["states"]:
            words = [
                said.get(key) for key in ("value", "name", "company", "phrase", "place", "summary") if said.get(key)
            ]
            for word in words:
                assert str(word) in said["quote"], said
                checked += 1
    if not checked:
        pytest.skip("its lines state nothing by themselves: other analysers read its pages")


def test_words_outside_the_contract_are_refused() -> None:
    with pytest.raises(ValueError, match="'client' is none of"):
        relation("Harrow Mills", "client", "", score=0.5)
    with pytest.raises(ValueError, match="'win' is none of"):
        event("win", "2025-03-01", "won", score=0.5)


def test_every_request_goes_to_an_endpoint_of_the_policy(run: KindRun, request: pytest.FixtureRequest) -> None:
    policy = load_policies()[request.node.callspec.params["run"]]
    if policy.anywhere:
        pytest.skip("it is asked at the account's own hosts")
    asked = [r for r in run.asked if r.origin == "record"]
    outside = [r.url for r in asked if not r.url.startswith(tuple(policy.endpoints.values()))]
    assert outside == []


def test_a_record_passes_the_gate_by_its_identifier_and_only_so(run: KindRun) -> None:
    known = Account(id="n", name="Northfield Robotics", identifiers=run.report.subject.identifiers)
    stranger = replace(known, identifiers=())
    for document in run.documents:
        if any(key.startswith("about:") for key, _ in document.metadata):
            assert admit(document, known).admitted, admit(document, known).reason
            assert not admit(document, stranger).admitted


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("body", [b"{}", b"[]", b"<html>busy</html>", b'{"data": null}', b'"text"', b"\xff\xfe"])
def test_an_answer_of_another_shape_is_a_reason_and_no_crash(name: str, body: bytes) -> None:
    example = load_example(name)
    changed = replace(example, answers=tuple(replace(a, body=body) for a in example.answers))
    run = run_example(changed)
    assert not run.documents
    assert run.skipped
    assert all(s.reason for s in run.skipped)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_answer_alone_of_another_shape_costs_no_more_than_itself(name: str) -> None:
    example = load_example(name)
    for broken in range(len(example.answers)):
        answers = tuple(replace(a, body=b'{"x": [1]}') if i == broken else a for i, a in enumerate(example.answers))
        run_example(replace(example, answers=answers))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_source_without_any_answer_tells_why(name: str) -> None:
    example = load_example(name)
    run = run_example(example, FakeClient(()))
    assert not run.kept
    assert run.skipped


def test_a_record_that_has_changed_is_skipped_with_a_reason() -> None:
    run = run_example(load_example("gleif"))
    capture = capture_of(run.kept[0])
    made = extract_capture(capture, b'{"data": {"attributes": {}}}', account_id="a")
    assert isinstance(made, Skipped)
    assert "format may have changed" in made.reason
