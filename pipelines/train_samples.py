"""Training rows: gold labels, our own examples and labels, as samples that no company shares between folds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from research.analyse.features_signals import SentenceContext, signal_features
from research.analyse.relation_model import Pair, relation_features
from research.cluster.fitting import Sample
from research.errors import UsageError
from research.text.hashing import sha256_bytes
from research.text.names import company_key

Kind = Literal["signals", "holders", "relations"]
Row = dict[str, Any]

NONE: Final = "none"
SENTENCE_FILES: Final = ("sentences.train.jsonl", "sentences.dev.jsonl")
RELATION_FILES: Final = ("relations.train.jsonl",)
_EXAMPLES_WEIGHT: Final = 0.5  # of our own example sentences beside a gold row; 0.5 and 1 did equally well, 2 worse
_LABEL_WEIGHT: Final = 1.0  # of our own labels of sentences that stand in public pages
_VAGUE_NONE_WEIGHT: Final = 0.3  # of "none" rows that say only that one candidate relation does not hold
_PAGES: Final = {
    "filing": ("10-K/ACME", "Form 10-K"),
    "press_release": ("https://www.acme.com/press-releases/acme-news", "Acme news"),
    "product": ("https://www.acme.com/solutions/overview", "Solutions"),
    "case_study": ("https://www.acme.com/case-studies/northwind", "How Northwind works with Acme"),
    "blog": ("https://www.acme.com/blog/post", "Blog"),
    "about": ("https://www.acme.com/about", "About Acme"),
    "home": ("https://www.acme.com/", "Acme"),
    "careers": ("https://www.acme.com/careers", "Careers"),
}


def read_gold(folder: Path, names: Sequence[str]) -> tuple[list[Row], str]:
    """The rows of the gold files in order, and one digest of their bytes; UsageError where one is missing or broken."""
    rows: list[Row] = []
    digests = []
    for name in names:
        path = folder / name
        if not path.is_file():
            raise UsageError(f"{path} is missing: --data names the folder of the gold labels")
        content = path.read_bytes()
        digests.append(sha256_bytes(content))
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            rows.append(_parse(line, path, number))
    return rows, sha256_bytes("".join(digests).encode())


def _parse(line: str, path: Path, number: int) -> Row:
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError) as error:
        raise UsageError(f"{path}, line {number} is no JSON object ({error})") from None


def default_folder() -> Path:
    """`corpora/weights` of this installation."""
    return Path(str(files("corpora") / "weights"))


def sentence_context(row: Mapping[str, Any], account: str | None = None) -> SentenceContext:
    """A row of the labels' format as the features read it."""
    name = row.get("account") or account
    return SentenceContext(
        sentence=row["sentence"],
        prev=row.get("prev") or "",
        next=row.get("next") or "",
        title=row.get("title") or "",
        url=row.get("url") or "",
        accounts=(name,) if name else (),
    )


def example_rows() -> list[Row]:
    """Our own example sentences in the labels' format."""
    text = (files("corpora") / "lexicons" / "signal_examples.json").read_text(encoding="utf-8")
    return [
        {
            "account": "Acme",
            "example": True,
            "kind": k,
            "holder": h,
            "url": _PAGES[p][0],
            "title": _PAGES[p][1],
            "sentence": s,
        }
        for k, h, p, s in json.loads(text)["rows"]
    ]


def linear_sample(kind: Kind, rows: Sequence[Row], labelled: Sequence[Row] = ()) -> tuple[Sample, list[Row]]:
    """The sample of a linear model and its rows in the same order; `labelled` are our own labels of other sentences."""
    if kind == "relations":
        return _relation_sample(rows, labelled), [*rows, *labelled]
    asks = kind == "holders"
    own = [row for row in rows if not asks or row["kind"] != NONE]
    extra = extra_rows(labelled, signals_only=asks)
    # A sentence that is wrongly taken for a pain gets a holder, too: how it is scored depends on which.
    asked = [row for row in rows if asks and row["kind"] == NONE]
    every = [*own, *(row for row, _ in extra), *asked]
    sample = Sample(
        rows=[signal_features(sentence_context(row)) for row in every],
        labels=[row["holder"] if asks else row["kind"] for row in every],
        groups=groups_of(every),
        weights=[1.0] * len(own) + [weight for _, weight in extra] + [1.0] * len(asked),
        extra=frozenset(range(len(own), len(own) + len(extra))),
        asked=frozenset(range(len(own) + len(extra), len(every))),
    )
    return sample, every


def extra_rows(labelled: Sequence[Row], *, signals_only: bool = False) -> list[tuple[Row, float]]:
    """Our own examples and labels, each with how much it counts beside a gold row."""
    every = [(row, _EXAMPLES_WEIGHT) for row in example_rows()] + [(row, _LABEL_WEIGHT) for row in labelled]
    return [(row, weight) for row, weight in every if not signals_only or row["kind"] != NONE]


def groups_of(rows: Sequence[Row]) -> list[str]:
    """The company of each row; our own example sentences make seven groups of nobody's."""
    groups = []
    for at, row in enumerate(rows):
        groups.append(f"example {at % 7}" if row.get("example") else company_key(row["account"]))
    return groups


def pair_of(row: Mapping[str, Any]) -> Pair:
    """A row of the relations' format as the features read it."""
    return Pair(
        sentence=row["sentence"],
        subject=row["subject"],
        object=row["object"],
        title=row.get("title") or "",
        url=row.get("url") or "",
    )


def _relation_sample(rows: Sequence[Row], labelled: Sequence[Row] = ()) -> Sample:
    every = [*rows, *labelled]
    return Sample(
        rows=[relation_features(pair_of(row)) for row in every],
        labels=[row["relation"] for row in every],
        groups=relation_groups(every),
        weights=pair_weights(every),
        extra=frozenset(range(len(rows), len(every))),
    )


def pair_weights(rows: Sequence[Row]) -> list[float]:
    """How much each pair counts: "none" often says only that one candidate relation does not hold."""
    vague = (row["relation"] == NONE and row.get("candidate", "competitor") != "competitor" for row in rows)
    return [_VAGUE_NONE_WEIGHT if v else 1.0 for v in vague]


def relation_groups(rows: Sequence[Row]) -> list[str]:
    """One group for rows that share a sentence, a filer or a named subject, so that no company is in two folds."""
    parent = list(range(len(rows)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    seen: dict[str, int] = {}
    for at, row in enumerate(rows):
        for key in _links(row):
            parent[root(at)] = root(seen.setdefault(key, at))
    return [f"group {root(at)}" for at in range(len(rows))]


def _links(row: Row) -> Iterable[str]:
    yield f"sentence {row['sentence']}"
    if row.get("title"):
        yield f"company {company_key(row['title'])}"
    subject = row["subject"]
    generic = {"it", "its", "they", "their", "he", "she", "we", "our"}
    if subject[:1].isupper() and not subject.startswith("The ") and company_key(subject) not in generic:
        yield f"company {company_key(subject)}"
