"""Judgements as JSON lines: out of one store, into another one, and to where models are trained."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from research.errors import DossierError, UsageError
from research.model.account import Account
from research.model.document import Document
from research.model.finding import Finding
from research.model.judgement import Judgement
from research.resolve.keys import finding_id, finding_key
from research.store.accounts import list_accounts, load_account
from research.store.connect import Store
from research.store.documents import load_documents
from research.store.findings import load_findings
from research.store.judgements import import_judgements, judgements_of, load_judgement
from research.text.codec import CodecError, decode, encode
from research.text.names import company_key

SCHEMA: Final = "dossier.judgement/1"
CONTEXT: Final = 400  # letters of a quote's surroundings that go along for training, as in `own_labels`
_ID: Final = re.compile(r"[\w-]{1,64}", re.ASCII)

Line = dict[str, Any]


def export_lines(store: Store, account_id: str | None = None) -> Iterator[str]:
    """One line a judgement, in the order in which they were made, each with the findings that it is about and their
    best quotes, so that it can be understood without the store."""
    accounts = [account_id] if account_id else [account.id for account in list_accounts(store)]
    for one in accounts:
        judgements = judgements_of(store, one)
        if not judgements:
            continue
        account = load_account(store, one)
        wanted = {target for j in judgements for target in j.target_ids}
        findings = {f.id: f for f in load_findings(store, one, include_lapsed=True) if f.id in wanted}
        documents = {
            d.id: d for d in load_documents(store, sorted({f.evidence[0].document_id for f in findings.values()}))
        }
        for judgement in judgements:
            about = [
                _about(findings[target], documents, account.name if account else one)
                for target in judgement.target_ids
                if target in findings
            ]
            line = {"schema": SCHEMA, "judgement": encode(judgement), "findings": about}
            yield json.dumps(line, ensure_ascii=False)


def import_lines(lines: Iterable[str], store: Store, now: str) -> tuple[int, int]:
    """Add the judgements of these lines, all or none: how many were new and how many stood here already. UsageError
    names the first line that does not fit."""
    read: list[Judgement] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                read.append(_checked(_parse(line), read, store, now))
            except DossierError as error:
                raise UsageError(f"line {number}: {error}") from None
    try:
        return import_judgements(store, read)
    except UsageError:
        raise
    except DossierError as error:
        raise UsageError(f"{error}: nothing was imported") from None


def read_lines(lines: Iterable[str]) -> list[tuple[Judgement, tuple[Line, ...]]]:
    """Judgements with what is said of their findings, as training reads them; UsageError names a line that is none."""
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append((_parse(line), tuple(json.loads(line).get("findings") or ())))
            except DossierError as error:
                raise UsageError(f"line {number}: {error}") from None
    return found


def moved(judgements: Iterable[Judgement], account_id: str, ids: Mapping[str, str]) -> tuple[Judgement, ...]:
    """Judgements as those of another account, where two records of one company become one: `ids` gives the new id of
    each finding. Each keeps who, when and what; its own id says where it came from, so that moving twice is once."""
    renamed: dict[str, str] = {}
    found = []
    for judgement in judgements:
        renamed[judgement.id] = f"{judgement.id[:48]}-{account_id[:15]}"
        fields = {name: getattr(judgement, name) for name in Judgement.__slots__}
        fields |= {
            "id": renamed[judgement.id],
            "account_id": account_id,
            "target_ids": tuple(ids.get(target, target) for target in judgement.target_ids),
            "supersedes": renamed.get(judgement.supersedes or "", judgement.supersedes),
        }
        found.append(Judgement(**fields))
    return tuple(found)


def move_judgements(source: Account, target: Account, store: Store) -> tuple[int, int]:
    """Let one account's judgements hold for another one too, which is the same company: how many were new there, and
    how many stood there already."""
    findings = load_findings(store, source.id, include_lapsed=True)
    ids = {finding.id: _id_within(target, source, finding) for finding in findings}
    return import_judgements(store, moved(judgements_of(store, source.id), target.id, ids))


def _id_within(target: Account, source: Account, finding: Finding) -> str:
    """The id that the same statement has as a finding of another account; what is said of one is said of the other."""
    own = {company_key(name) for name in source.names}
    attributes = tuple(
        (name, target.name if name == "of" and company_key(str(value)) in own else value)
        for name, value in finding.attributes
    )
    return finding_id(target.id, finding.kind, finding_key(replace(finding, attributes=attributes)))


def _about(finding: Finding, documents: Mapping[str, Document], account: str) -> Line:
    evidence = finding.evidence[0]
    document = documents.get(evidence.document_id)
    text = document.text if document else ""
    return {
        "id": finding.id,
        "kind": finding.kind,
        "attributes": dict(finding.attributes),
        "account": account,
        "url": document.url if document else "",
        "title": document.title if document else "",
        "prev": text[max(0, evidence.start - CONTEXT) : evidence.start].strip(),
        "quote": text[evidence.start : evidence.end],
        "next": text[evidence.end : evidence.end + CONTEXT].strip(),
    }


def _parse(line: str) -> Judgement:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise UsageError("this is no JSON") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UsageError(f"this is no {SCHEMA}")
    try:
        return decode(Judgement, data.get("judgement"))
    except CodecError as error:
        raise UsageError(f"{error}".replace("a stored Judgement is damaged", "the judgement does not read")) from None


def _checked(judgement: Judgement, before: Iterable[Judgement], store: Store, now: str) -> Judgement:
    if not _ID.fullmatch(judgement.id):
        raise UsageError("its id is not 1 to 64 letters, digits, _ or -")
    if not judgement.target_ids or not judgement.analyst.strip():
        raise UsageError("it names no finding or section, or no analyst")
    if load_account(store, judgement.account_id) is None:
        raise UsageError(f"there is no account {judgement.account_id!r} here: add it first")
    _check_time(judgement.at, now)
    if judgement.supersedes is not None:
        target = next((j for j in before if j.id == judgement.supersedes), None)
        target = target or load_judgement(store, judgement.supersedes)
        if target is None or target.account_id != judgement.account_id:
            raise UsageError(f"it supersedes {judgement.supersedes}, which is neither here nor in a line before it")
    return judgement


def _check_time(at: str, now: str) -> None:
    """Decisions are put in order by their times as text: one of another zone, or of next year, would stand wrong."""
    try:
        stated, limit = datetime.fromisoformat(at), datetime.fromisoformat(now) + timedelta(days=1)
        late = stated.astimezone(limit.tzinfo) > limit
    except (ValueError, OverflowError):
        raise UsageError(f"its time {at!r} is no ISO date-time") from None
    if stated.utcoffset():
        raise UsageError(f"its time {at} is not in UTC")
    if late:
        raise UsageError(f"its time {at} lies in the future")
