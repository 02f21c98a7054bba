"""Rows for training from what analysts decided: an accepted or corrected finding says what its sentence is, a rejected
one that it is nothing of the kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.exchange import Line, read_lines
from research.errors import UsageError
from research.model.judgement import Judgement
from research.review.agreement import disagreements
from research.review.judgements import STATUS, effective
from research.text.hashing import sha256_bytes

Row = dict[str, Any]
_NOTHING: Final = {"signal": frozenset({"not_said"}), "relation": frozenset({"not_said", "wrong_kind"})}
"""The reasons that say that a sentence is no signal, or shows no relation; from other reasons nothing can be learnt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRows:
    """Sentences and pairs in the formats of the gold labels, and the digest of the file that they come from."""

    sentences: tuple[Row, ...]
    relations: tuple[Row, ...]
    sha256: str


def read_judged_rows(path: Path) -> JudgedRows:
    """The rows of an export of judgements: of each finding its last decision that holds, none where analysts differ."""
    try:
        content = path.read_bytes()
        pairs = read_lines(content.decode("utf-8").splitlines())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not written in UTF-8") from error
    except UsageError as error:
        raise UsageError(f"{path}, {error}") from None
    rows = list(_rows(pairs))
    return JudgedRows(
        sentences=tuple(row for row in rows if "kind" in row),
        relations=tuple(row for row in rows if "relation" in row),
        sha256=sha256_bytes(content),
    )


def _rows(pairs: Sequence[tuple[Judgement, tuple[Line, ...]]]) -> Iterator[Row]:
    judgements = [judgement for judgement, _ in pairs]
    about = {line["id"]: line for _, lines in pairs for line in lines}
    disputed = {d.finding_id for d in disagreements(judgements)}
    last: dict[str, Judgement] = {}
    for judgement in effective(judgements):
        if judgement.target_kind == "finding" and judgement.verdict in STATUS:
            last.update(dict.fromkeys(judgement.target_ids, judgement))
    for finding_id, judgement in sorted(last.items()):
        line = about.get(finding_id)
        if line and line.get("quote") and finding_id not in disputed:
            stated = {**line["attributes"], **dict(judgement.changes)}
            if line["kind"] == "signal":
                yield from _sentence(line, judgement, stated)
            elif line["kind"] == "relation":
                yield from _pair(line, judgement, stated)


def _sentence(line: Line, judgement: Judgement, stated: Mapping[str, Any]) -> Iterator[Row]:
    if judgement.verdict == "reject" and judgement.reason not in _NOTHING["signal"]:
        return
    nothing = judgement.verdict == "reject"
    yield {
        "id": f"judged {line['id']}",
        "account": line["account"],
        "url": line["url"],
        "title": line["title"],
        "prev": line["prev"],
        "sentence": line["quote"],
        "next": line["next"],
        "kind": "none" if nothing else stated["type"],
        "holder": None if nothing else stated["holder"],
        "phrase": None if nothing else stated.get("phrase"),
    }


def _pair(line: Line, judgement: Judgement, stated: Mapping[str, Any]) -> Iterator[Row]:
    if judgement.verdict == "reject" and judgement.reason not in _NOTHING["relation"]:
        return
    yield {
        "id": f"judged {line['id']}",
        "sentence": line["quote"],
        "subject": stated.get("of") or line["account"],
        "object": stated["company"],
        "title": line["title"],
        "url": line["url"],
        "relation": "none" if judgement.verdict == "reject" else stated["relation"],
    }
