"""The coverage map."""

from __future__ import annotations

import pytest

from research.draft.coverage import FIELDS, cover
from research.model.draft import Coverage, SourceState
from research.model.finding import Conflict, Evidence, Finding, attributes

MAY_FILL = {"site": ("founded", "people"), "register": ("founded", "parent"), "boards": ("hiring",)}


def finding(document: str, status: str = "new", **values: str) -> Finding:
    evidence = Evidence(finding_id="f", document_id=document, start=0, end=1, quote_sha256="0")
    return Finding(
        id="f", account_id="a", kind="fact", attributes=attributes(**values), confidence=0.9, status=status,
        first_seen="", last_seen="", evidence=(evidence,),
    )  # fmt: skip


def state(kind: str, name: str, reason: str = "") -> SourceState:
    return SourceState(kind=kind, title=kind, state=name, reason=reason)


def covered(field: str, findings=(), states=(), conflicts=()) -> Coverage:
    found = cover(findings, conflicts, states, may_fill=MAY_FILL, kind_of={"d1": "site", "d2": "register"})
    return {c.field: c for c in found}[field]


def test_every_field_has_one_state() -> None:
    found = cover((), (), (), may_fill=MAY_FILL, kind_of={})
    assert [c.field for c in found] == list(FIELDS)
    assert {c.state for c in found} == {"not_searched"}


def test_a_filled_field_names_its_kinds() -> None:
    assert covered("founded", [finding("d2", field="founded")]) == Coverage(
        field="founded", state="filled", kinds=("register",)
    )


def test_a_rejected_finding_fills_nothing() -> None:
    found = covered("founded", [finding("d1", "rejected", field="founded")], [state("site", "read")])
    assert (found.state, found.kinds) == ("undisclosed", ("site",))


def test_a_genuine_contradiction_is_told() -> None:
    conflict = Conflict(field="founded", kind="genuine", finding_ids=("f", "g"), explanation="")
    assert covered("founded", [finding("d1", field="founded")], conflicts=[conflict]).state == "conflicting"


@pytest.mark.parametrize("name", ["blocked", "down"])
def test_a_source_that_refused_may_have_held_it(name: str) -> None:
    found = covered("founded", states=[state("site", "read"), state("register", name, "no answer in time")])
    assert (found.state, found.reason) == ("blocked", "register: no answer in time")


def test_what_nobody_was_asked_for_says_who_could_be() -> None:
    found = covered("parent", states=[state("site", "read")])
    assert (found.state, "register" in found.reason) == ("not_searched", True)
