"""An account's errors are given with the words behind them: the brief's own where it says too much, else the gold's."""

from __future__ import annotations

from typing import Any

from pipelines.account_errors import account_errors


def finding(kind: str, quote: str, **values: str) -> dict[str, Any]:
    return {"kind": kind, "attributes": values, "confidence": 0.8, "evidence": [{"quote": quote}]}


BRIEF = {
    "findings": [
        finding("relation", "Oxbow is a rival of ours.", company="Oxbow", relation="competitor"),
        finding("relation", "Oxbow buys from us.", company="Oxbow", relation="customer"),
        finding("person", "Ida Lund, Head of Ports", name="Ida Lund", role="Head of Ports"),
        finding("fact", "Founded in 1989.", field="founded", value="1989"),
    ]
}
GOLD = {
    "competitors": [{"name": "Tern Lines Ltd", "evidence": {"quote": "We compete with Tern Lines."}}],
    "people": [
        {"name": "Ida Lund", "role": "Head of Ports"},
        {"name": "Per Holm", "role": "Chair", "evidence": {"quote": "Per Holm, Chair"}},
    ],
    "profile": {
        "founded": {"value": "1998", "evidence": {"quote": "since 1998"}},
        "ticker": {"value": "QUAY", "evidence": {"quote": "NYSE: QUAY"}},
        "parent": None,
    },
}
RESULT = {
    "competitors": {"false": ["Oxbow"], "missed": ["tern lines"]},
    "people_with_role": {"false": []},
    "profile": {"detail": {"founded": "wrong: '1989'", "ticker": "missed", "parent": "rightly empty"}},
}


def errors(group: str) -> list[tuple[str, str, str]]:
    found = account_errors("quay", BRIEF, RESULT, GOLD, group)
    assert all(error["account"] == "quay" for error in found)
    return [(e["error"], e["what"], e["sentence"]) for e in found]


def test_rivals() -> None:
    assert errors("competitors") == [
        ("false", "Oxbow", "Oxbow is a rival of ours."),
        ("missed", "tern lines", "We compete with Tern Lines."),
    ]


def test_people() -> None:
    assert errors("people_with_role") == [("missed", "Per Holm, Chair", "Per Holm, Chair")]


def test_profile_facts() -> None:
    assert errors("profile") == [
        ("wrong", "founded: '1989'", "Founded in 1989."),
        ("missed", "ticker", "NYSE: QUAY"),
    ]
