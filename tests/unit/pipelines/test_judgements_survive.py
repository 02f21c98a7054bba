"""What a person decided outlives a re-crawl, a re-extraction, other words on the page, and the merging of two accounts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.exchange import export_lines, import_lines, move_judgements, moved
from pipelines.train_judgements import read_judged_rows
from research.errors import UsageError
from research.model.account import Account
from research.model.finding import Evidence, Finding, Observation, attributes
from research.model.judgement import Judgement
from research.resolve.keys import finding_id, finding_key
from research.review.judgements import apply, inputs_of, review
from research.store.accounts import save_account
from research.store.connect import open_store
from research.store.judgements import judgements_of
from research.text.hashing import sha256_text

PHRASES = (
    "pump failures stop the whole plant", "slow approval of every loan", "forty invoices entered by hand each day",
    "expand into northern markets by rail",
)  # fmt: skip
NOW = "2026-05-01T09:00:00+00:00"


def made(account: str, number: int, *, phrase: str = "", document: str = "d", start: int = 0) -> Finding:
    phrase = phrase or PHRASES[number]
    values = attributes(type="pain", holder="account", phrase=phrase)
    seen = Observation(
        kind="signal", attributes=values, document_id="d", start=0, end=1, score=0.5, analyser="a", version="1"
    )
    key = finding_id(account, "signal", finding_key(seen))
    evidence = Evidence(
        finding_id=key, document_id=f"{document}{number}", start=start, end=start + 9, quote_sha256=sha256_text(phrase)
    )
    return Finding(
        id=key, account_id=account, kind="signal", attributes=values, confidence=0.6, status="new", first_seen="2026-01-01",
        last_seen="2026-01-01", evidence=(evidence,),
    )  # fmt: skip


BEFORE = tuple(made("acme", n) for n in range(len(PHRASES)))
PAGES = {f"{document}{n}": f"https://acme.example/{n}" for n in range(len(PHRASES)) for document in ("d", "e")}
VERDICTS = st.sampled_from(["accept", "edit", "reject", "pin", "note"])


@st.composite
def decisions(draw: Callable[..., object]) -> tuple[Judgement, ...]:
    number = draw(st.integers(1, 8))
    return tuple(
        Judgement(
            id=f"j{n}", account_id="acme", target_kind="finding", target_ids=(target.id,), verdict=verdict, analyst="ada",  # type: ignore[arg-type]
            at=f"2026-02-01T00:00:0{n}", edit="My words." if verdict == "edit" else None, note="n", reason="not_said" if verdict == "reject" else None,
            base=(target.text("phrase"),), inputs=(inputs_of(target),),
        )
        for n in range(number)  # type: ignore[arg-type]
        for target, verdict in [(BEFORE[draw(st.integers(0, 3))], draw(VERDICTS))]
    )  # fmt: skip


def outcome(findings: tuple[Finding, ...]) -> list[tuple[str, str, object, object]]:
    return sorted((f.text("phrase"), f.status, f.get("analyst_text"), f.get("pinned")) for f in findings)


@given(decisions())
def test_decisions_survive_whatever_happens_to_pages(judgements: tuple[Judgement, ...]) -> None:
    expected = outcome(apply(BEFORE, judgements, PAGES))
    crawled_again = tuple(made("acme", n, document="e") for n in range(4))
    extracted_anew = tuple(made("acme", n, start=40) for n in range(4))
    assert outcome(apply(crawled_again, judgements, PAGES)) == expected
    assert outcome(apply(extracted_anew, judgements, PAGES)) == expected
    assert not any(one.moved for one in review(crawled_again, judgements, PAGES))


@given(decisions())
def test_decisions_survive_the_merging_of_two_accounts(judgements: tuple[Judgement, ...]) -> None:
    after = tuple(made("acme-group", n) for n in range(4))
    ids = {old.id: new.id for old, new in zip(BEFORE, after, strict=True)}
    there = moved(judgements, "acme-group", ids)
    assert outcome(apply(after, there, PAGES)) == outcome(apply(BEFORE, judgements, PAGES))
    assert moved(judgements, "acme-group", ids) == there


@given(decisions())
def test_words_survive_other_words_on_the_page(judgements: tuple[Judgement, ...]) -> None:
    """An edit stands on in the sentence that took the place of the old one, and asks to be looked at; a rejection stays
    one; an acceptance is asked again. Nothing of it is lost."""
    gone = tuple(replace(finding, status="lapsed") for finding in BEFORE)
    later = {"first_seen": "2026-03-01", "last_seen": "2026-03-01"}
    reworded = tuple(replace(made("acme", n, phrase=f"{PHRASES[n]} again", document="e"), **later) for n in range(4))
    old = {one.finding.text("phrase"): one for one in review(BEFORE, judgements, PAGES)}
    for one in review(gone + reworded, judgements, PAGES)[4:]:
        before = old[one.finding.text("phrase").removesuffix(" again")]
        if before.decision is None:
            assert (one.finding.status, one.moved) == ("new", False)
            continue
        assert one.moved
        assert one.finding.get("analyst_text") == before.finding.get("analyst_text")
        assert one.finding.status == {"accepted": "new"}.get(before.finding.status, before.finding.status)


def test_accounts_of_one_store_are_merged_and_lines_travel(tmp_path: Path) -> None:
    decided = Judgement(
        id="j1", account_id="acme", target_kind="finding", target_ids=(BEFORE[0].id,), verdict="edit", analyst="Ada", at="2026-02-01T00:00:00",
        edit="Mine.",
    )  # fmt: skip
    line = json.dumps({"schema": "dossier.judgement/1", "judgement": json.loads(_encoded(decided)), "findings": []})
    with open_store(tmp_path / "home") as store:
        acme, group = Account(id="acme", name="Acme"), Account(id="acme-group", name="Acme Group")
        save_account(store, acme)
        with pytest.raises(UsageError, match="line 1: there is no account 'acme-group'"):
            import_lines([line.replace('"acme"', '"acme-group"')], store, NOW)
        save_account(store, group)
        assert import_lines([line, "", line], store, NOW) == (1, 1)
        assert move_judgements(acme, group, store) == (1, 0)
        assert move_judgements(acme, group, store) == (0, 1)
        assert [(j.edit, j.analyst, j.at) for j in judgements_of(store, "acme-group")] == [("Mine.", "Ada", decided.at)]
        assert len(list(export_lines(store))) == 2
        for wrong, says in (
            (line.replace("2026-02-01", "2126-02-01"), "in the future"),
            (line.replace("00:00:00", "00:00:00+02:00"), "not in UTC"),
            (line.replace('"j1"', '"j 1"'), "its id is not"),
            (line.replace('"supersedes": null', '"supersedes": "j9"'), "it supersedes j9"),
            (line.replace("judgement/1", "judgement/9"), "this is no dossier.judgement/1"),
            (line.replace("edit", "tidi"), "does not read"),
            (line.replace("Mine.", "Other."), "exists already"),
            ("[1]", "this is no"),
        ):
            with pytest.raises(UsageError, match=says):
                import_lines([wrong], store, NOW)
        assert len(judgements_of(store, "acme")) == 1


def _encoded(judgement: Judgement) -> str:
    from research.text.codec import dumps

    return dumps(judgement)


def line_of(key: str, verdict: str, kind: str, target: str, at: str, analyst: str = "Ada", **more: object) -> str:
    stated = {
        "signal": {"type": "pain", "holder": "account", "phrase": "late trains"},
        "relation": {"company": "Bolt", "relation": "competitor", "of": "Acme"},
    }[kind]
    about = {
        "id": target, "kind": kind, "attributes": stated, "account": "Acme", "url": "https://acme.example/", "title": "T",
        "prev": "Before.", "quote": f"Quote of {target}.", "next": "After.",
    }  # fmt: skip
    judgement = {
        "id": key, "account_id": "acme", "target_kind": "finding", "target_ids": [target], "verdict": verdict, "analyst": analyst, "at": at, **more,
    }  # fmt: skip
    return json.dumps({"schema": "dossier.judgement/1", "judgement": judgement, "findings": [about]})


def test_training_learns_from_what_holds_and_from_nothing_that_is_disputed(tmp_path: Path) -> None:
    lines = [
        line_of("1", "accept", "signal", "s1", "2026-01-01"),
        line_of(
            "2", "edit", "signal", "s2", "2026-01-02", edit="x", changes=[["holder", "customer"], ["type", "goal"]]
        ),
        line_of("3", "reject", "signal", "s3", "2026-01-03", reason="not_said"),
        line_of("4", "reject", "signal", "s4", "2026-01-04", reason="noise"),
        line_of("5", "accept", "signal", "s5", "2026-01-05"),
        line_of("6", "reject", "signal", "s5", "2026-01-06", analyst="Bob", reason="not_said"),
        line_of("7", "accept", "relation", "r1", "2026-01-07"),
        line_of("8", "reject", "relation", "r2", "2026-01-08", reason="wrong_kind"),
        line_of("9", "accept", "relation", "r3", "2026-01-09"),
        line_of("10", "undo", "relation", "r3", "2026-01-10", supersedes="9"),
    ]
    path = tmp_path / "judged.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = read_judged_rows(path)
    said = [(row["id"], row["kind"], row["holder"], row["sentence"], row["prev"]) for row in rows.sentences]
    assert said == [
        ("judged s1", "pain", "account", "Quote of s1.", "Before."), ("judged s2", "goal", "customer", "Quote of s2.", "Before."),
        ("judged s3", "none", None, "Quote of s3.", "Before."),
    ]  # fmt: skip
    assert [(row["id"], row["subject"], row["object"], row["relation"]) for row in rows.relations] == [
        ("judged r1", "Acme", "Bolt", "competitor"), ("judged r2", "Acme", "Bolt", "none"),
    ]  # fmt: skip
    path.write_text(lines[0] + "\n{}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"judged\.jsonl, line 2: this is no dossier\.judgement/1"):
        read_judged_rows(path)
