"""Each section that a model may word has examples: what is given, what may be said of it, and what is refused and why."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from prompts import __file__ as prompts_file
from research.draft.answers import AnswerRefusedError, claims_of
from research.draft.prompting import MODEL_SECTIONS, Request, request_of
from research.draft.sources import Sources
from research.model.account import Account
from research.model.document import Document
from research.model.draft import SECTION_TITLES, Section
from research.model.finding import Evidence, Finding, attributes
from research.text.hashing import sha256_text

FILES = sorted(Path(prompts_file).parent.glob("*/examples/*.toml"))
ACCOUNT = Account(id="norvane", name="Norvane Pumps", domains=("norvane.example",))
NOW = "2026-06-01T08:00:00+00:00"


def read(file: Path) -> tuple[dict[str, Any], Request, Sources]:
    """An example, and what a model would be asked of it."""
    example = tomllib.loads(file.read_text("utf-8"))
    text = "\n".join(given["quote"] for given in example["given"])
    document = Document(
        id="d1", account_id=ACCOUNT.id, capture_id="c", url="https://norvane.example/", title="Norvane", published=None,
        language="en", page_type="about", media_type="text/html", text=text, text_sha256=sha256_text(text),
        extractor="html", extractor_version="1", passages=(),
    )  # fmt: skip
    findings = {given["id"]: finding(given, text) for given in example["given"]}
    sources = Sources(account=ACCOUNT, documents={"d1": document}, fetched_at={"d1": NOW}, as_of=NOW)
    name = file.parts[-3]
    section = Section(
        name=name, title=SECTION_TITLES[name], claims=(), gaps=(), drafter="template/1", prompt_sha256="",
        inputs_sha256="", left_out=tuple(findings),
    )  # fmt: skip
    return example, request_of(section, findings, (), sources), sources


def finding(given: dict[str, Any], text: str) -> Finding:
    start = text.index(given["quote"])
    evidence = Evidence(
        finding_id=given["id"], document_id="d1", start=start, end=start + len(given["quote"]),
        quote_sha256=sha256_text(given["quote"]),
    )  # fmt: skip
    return Finding(
        id=given["id"], account_id=ACCOUNT.id, kind=given["kind"], attributes=attributes(**given["attributes"]),
        confidence=0.9, status="new", first_seen=NOW, last_seen=NOW, evidence=(evidence,),
    )  # fmt: skip


def answer(*rows: dict[str, Any]) -> str:
    return json.dumps({"claims": [{"text": row["text"], "findings": row["findings"]} for row in rows]})


def test_every_section_that_a_model_may_word_has_an_example() -> None:
    assert {file.parts[-3] for file in FILES} == set(MODEL_SECTIONS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_an_example_is_given_whole_and_what_stands_is_accepted(file: Path) -> None:
    example, request, sources = read(file)
    for given in example["given"]:
        assert f'"id": "{given["id"]}"' in request.user
        assert given["quote"] in request.user
    claims = claims_of(answer(*example["stands"]), request, sources)
    assert [claim.text for claim in claims] == [row["text"] for row in example["stands"]]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_what_an_example_refuses_is_refused_for_that_reason(file: Path) -> None:
    example, request, sources = read(file)
    assert len(example["refused"]) >= 3
    for row in example["refused"]:
        with pytest.raises(AnswerRefusedError) as refused:
            claims_of(answer(row), request, sources)
        assert row["reason"] in str(refused.value), row["text"]
