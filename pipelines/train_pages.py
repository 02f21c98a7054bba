"""Train the weights by which names are told on the pages of companies, and measure them on pages that they never saw.

    python -m pipelines.train_pages DATA corpora/weights

DATA is a folder like `companypages`: `gold.jsonl` and the pages. Folds are by site. A page's candidates come from a
chain that never saw its site; the second chain is judged on sites that it never saw. Beside them made-up pages
(`made_pages.py`) teach people and roles; no figure and no threshold is taken from one. `page_names.json` is the card.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.fit_chain import Lesson, fit_chain, save_chain
from pipelines.made_pages import make_page
from pipelines.scoring import load_scorer
from research.analyse.chain import Chain, Floats, Sequences, encode
from research.analyse.page_features import features
from research.analyse.page_lines import Line, Page, read_page, squash
from research.analyse.page_names import KINDS, TAGS, VERDICTS, Candidate, candidates, choose, key_of_name, weigh
from research.analyse.read import Reading
from research.errors import UsageError
from research.model.finding import Mention
from research.text.hashing import sha256_bytes

FOLDS: Final = 4
MADE: Final = "made-"  # how the ids of made-up pages begin
MADE_PAGES: Final = 400
RECALL: Final = {"place": 1.5}  # only cities are labelled, and a place that is none is no error
JUDGED: Final = 3  # one in so many made-up pages teaches the judge as well, whose chances are to be those of real pages
MADE_KINDS: Final = frozenset({"person", "role"})  # of firms and places made-up pages hold another share than real ones
PENALTY: Final = 1.0
ROUNDS: Final = 40
JUDGE_PENALTY: Final = 60.0  # of 6, 20, 60 and 200 the best on held-out sites over all kinds
JUDGE_ROUNDS: Final = 100
LEAST: Final = 0.02  # weights that are smaller everywhere change nothing that is told, and are half of the file
_OF_GOLD: Final = {"ORG": "company", "PER": "person", "FUNC": "role", "CITY": "place", "STREET": "street"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled page: `gold` holds its strings by kind, `rules` what the rules tell of it."""

    id: str
    site: str
    text: str
    page: Page
    seen: Sequences
    rules: tuple[Mention, ...]
    gold: Mapping[str, tuple[str, ...]]


def read_examples(data: Path) -> Iterator[Example]:
    """The labelled pages of DATA in its order."""
    from pipelines.single import read_document, reading_of
    from research.analyse.annotate import Annotator

    annotator = Annotator()
    for row in map(json.loads, (data / "gold.jsonl").read_text(encoding="utf-8").splitlines()):
        document = read_document(data / "html" / f"{row['id'].replace('/', '__')}.html.gz")
        gold: dict[str, list[str]] = defaultdict(list)
        for entity in row["entities"]:
            if entity["type"] in _OF_GOLD:
                gold[_OF_GOLD[entity["type"]]].append(entity["text"])
        yield _example(row["id"], row["site"], reading_of(document, annotator), gold)


def made_examples(count: int) -> Iterator[Example]:
    """Made-up pages, each a site of its own; they teach and never measure."""
    from pipelines.single import UNDATED, document_of, reading_of
    from research.analyse.annotate import Annotator
    from research.model.capture import Fetched

    annotator = Annotator()
    for seed in range(count):
        made = make_page(seed)
        name = f"{MADE}{seed}"
        fetched = Fetched(
            url=f"file:///{name}.html",
            final_url=f"file:///{name}.html",
            fetched_at=UNDATED,
            status=200,
            media_type="text/html",
            body=made.html,
            charset="utf-8",
        )
        yield _example(name, name, reading_of(document_of(fetched, name), annotator), made.gold)


def _example(name: str, site: str, reading: Reading, gold: Mapping[str, Sequence[str]]) -> Example:
    from research.analyse.entities import ruled_entities

    page = read_page(reading)
    return Example(
        id=name,
        site=site,
        text=reading.document.text,
        page=page,
        seen=encode(features(page)),
        rules=ruled_entities(reading),
        gold={kind: tuple(texts) for kind, texts in gold.items()},
    )


def tags_of(line: Line, forms: Mapping[str, str]) -> list[str]:
    """The tags of a line: every place of a labelled string, the longest first; `forms` are squashed, since the labels
    have lost some of the page's commas and spaces."""
    squashed = [squash(token.text) for token in line.tokens]
    longest = max(map(len, forms), default=0)
    fits = sorted(
        (first - end, first, end, kind)
        for first, end, kind in _fits(squashed, forms, longest)
        if kind == "role" or _has_capital(line, first, end - first)
    )
    tags = ["O"] * len(squashed)
    for _, first, end, kind in fits:
        if all(tag == "O" for tag in tags[first:end]):
            tags[first:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - first - 1)]
    return tags


def _fits(squashed: Sequence[str], forms: Mapping[str, str], longest: int) -> Iterator[tuple[int, int, str]]:
    """First token, end and kind of the runs that spell a labelled string; none begins or ends with a sign."""
    for first, start in enumerate(squashed):
        whole = ""
        for last in range(first, len(squashed) if start else first):
            whole += squashed[last]
            if len(whole) > longest:
                break
            if squashed[last] and whole in forms:
                yield first, last + 1, forms[whole]


def _has_capital(line: Line, at: int, length: int) -> bool:
    """A name that stands in small letters is the word, unless it has a digit or a dot as web names have."""
    tokens = line.tokens[at : at + length]
    return any(not token.text.islower() for token in tokens)


def forms_of(example: Example) -> dict[str, str]:
    """The labelled strings of a page, squashed, each with the kind that it has most often."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, texts in example.gold.items():
        for text in texts:
            votes[squash(text)][kind] += 1
    votes.pop("", None)
    return {form: max(counts, key=lambda kind: (counts[kind], kind)) for form, counts in votes.items()}


def folds_of(examples: Sequence[Example]) -> list[int]:
    """A fold for each page, the same for all pages of a site."""
    sites = sorted({example.site for example in examples if not is_made(example)})
    order = np.random.default_rng(0).permutation(len(sites))
    fold = {site: int(place) % FOLDS for site, place in zip(sites, order, strict=True)}
    fold |= {example.site: _seed(example) % FOLDS for example in examples if is_made(example)}
    return [fold[example.site] for example in examples]


def _seed(example: Example) -> int:
    return int(example.id.removeprefix(MADE))


def is_made(example: Example) -> bool:
    """Whether a page is made up: it teaches, and no figure or threshold is taken from it."""
    return example.id.startswith(MADE)


def fit_tagger(examples: Sequence[Example]) -> Chain:
    """The chain that tags lines; one in two lines without any name is left out, for speed."""
    sequences, labels, groups = [], [], []
    for example in examples:
        forms = forms_of(example)
        for number, (line, seen) in enumerate(zip(example.page.lines, example.seen, strict=True)):
            tags = tags_of(line, forms)
            if number % 2 and all(tag == "O" for tag in tags):
                continue
            if is_made(example) and not _is_lesson(tags):
                continue
            sequences.append(seen)
            labels.append(tags)
            groups.append(example.site)
    return fit_chain(Lesson(sequences=sequences, labels=labels, groups=groups), TAGS, penalty=PENALTY, rounds=ROUNDS)


def _is_lesson(tags: Sequence[str]) -> bool:
    """Whether a line of a made-up page teaches: one that tells of firms and places alone does not."""
    kinds = {tag[2:] for tag in tags} - {""}
    return not kinds or not kinds.isdisjoint(MADE_KINDS)


def fit_judge(examples: Sequence[Example], found: Sequence[Sequence[Candidate]]) -> Chain:
    """The chain that weighs candidates."""
    rows, labels, groups = [], [], []
    for example, names in zip(examples, found, strict=True):
        right = keys_of(example)
        for name in names:
            if is_made(example) and (name.kind not in MADE_KINDS or _seed(example) % JUDGED):
                continue
            rows.append(((), (name.names,)))
            labels.append([VERDICTS[name.key in right[name.kind]]])
            groups.append(example.site)
    lesson = Lesson(sequences=encode(rows), labels=labels, groups=groups)
    return fit_chain(lesson, VERDICTS, penalty=JUDGE_PENALTY, rounds=JUDGE_ROUNDS)


def keys_of(example: Example) -> dict[str, set[str]]:
    """The keys of a page's labelled strings by kind."""
    return {kind: {key_of_name(kind, text) for text in example.gold.get(kind, ())} - {""} for kind in KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The candidates of every page with their chances and thresholds, by weights that never saw its site."""

    found: tuple[tuple[Candidate, ...], ...]
    chances: tuple[Floats, ...]
    least: tuple[Mapping[str, float], ...]


def cross_validate(examples: Sequence[Example], found: Sequence[Sequence[Candidate]]) -> Outcome:
    """Weigh each page's candidates by a judge that never saw its site, with thresholds chosen on other sites."""
    folds = folds_of(examples)
    chances: list[Floats] = [np.zeros(0)] * len(examples)
    for fold in range(FOLDS):
        rest = [at for at, own in enumerate(folds) if own != fold]
        judge = fit_judge([examples[at] for at in rest], [found[at] for at in rest])
        for at, own in enumerate(folds):
            if own == fold:
                chances[at] = weigh(found[at], judge)
    by_fold = []
    for fold in range(FOLDS):
        rest = [at for at, own in enumerate(folds) if own != fold and not is_made(examples[at])]
        by_fold.append(
            best_thresholds([examples[at] for at in rest], [found[at] for at in rest], [chances[at] for at in rest])
        )
    return Outcome(found=tuple(map(tuple, found)), chances=tuple(chances), least=tuple(by_fold[fold] for fold in folds))


def best_thresholds(
    examples: Sequence[Example], found: Sequence[Sequence[Candidate]], chances: Sequence[Floats]
) -> dict[str, float]:
    """For each kind the chance from which on telling a name gives the greatest F1."""
    rows: dict[str, list[tuple[float, bool]]] = {kind: [] for kind in KINDS}
    total: Counter[str] = Counter()
    for example, names, odds in zip(examples, found, chances, strict=True):
        right = keys_of(example)
        total.update({kind: len(keys) for kind, keys in right.items()})
        for name, chance in zip(names, odds, strict=True):
            rows[name.kind].append((float(chance), name.key in right[name.kind]))
    return {kind: _best_cut(rows[kind], total[kind], RECALL.get(kind, 1.0)) for kind in KINDS}


def _best_cut(rows: Sequence[tuple[float, bool]], total: int, weight: float) -> float:
    """The cut of the greatest F measure that weighs recall `weight` times as much as precision."""
    if not rows:
        return 1.0
    ordered = sorted(rows, reverse=True)
    hits = np.cumsum([hit for _, hit in ordered])
    f1 = (1 + weight**2) * hits / (np.arange(1, len(ordered) + 1) + weight**2 * total)
    return round(ordered[int(f1.argmax())][0], 3)


def told_out_of_fold(examples: Sequence[Example], outcome: Outcome) -> list[list[Mention]]:
    """What each page is told to name."""
    return [
        choose(found, chances, example.text, least)
        for example, found, chances, least in zip(examples, outcome.found, outcome.chances, outcome.least, strict=True)
    ]


def score(data: Path, told: Mapping[str, Sequence[Mention]]) -> dict[str, dict[str, float]]:
    """The figures of what was told of each page, by its id, as the scorer beside the data counts them: distinct names a
    page; places by recall alone, since cities are all that is labelled."""
    scorer = load_scorer(data.parent)
    gold = scorer.jl(data / "gold.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        for page, mentions in told.items():
            lines = (json.dumps({"label": mention.label, "text": mention.text}) + "\n" for mention in mentions)
            (Path(folder) / f"{page.replace('/', '__')}.jsonl").write_text("".join(lines), encoding="utf-8")
        figures = scorer.score_entities(folder, gold)
    return {kind: {name: figures[kind][name] for name in ("p", "r", "f1")} for kind in KINDS}


def train(data: Path, target: Path) -> dict[str, Any]:
    """Train on DATA, write both chains and the card into `target`, and return the card."""
    real = list(read_examples(data))
    examples = [*real, *made_examples(MADE_PAGES)]
    found = propose_out_of_fold(examples)
    outcome = cross_validate(examples, found)
    told = told_out_of_fold(examples, outcome)
    save_chain(fit_tagger(examples), target / "page_tags.npz", least=LEAST)
    save_chain(fit_judge(examples, found), target / "page_names.npz")
    card = {
        "name": "names on the pages of companies",
        "trained_by": "python -m pipelines.train_pages DATA corpora/weights",
        "data": "human-labelled pages of small and middling companies (scrapinghub/webstruct, MIT)",
        "data_sha256": sha256_bytes((data / "gold.jsonl").read_bytes()),
        "pages": len(real),
        "sites": len({example.site for example in real}),
        "method": (
            "a linear chain tags lines; its spans, the rules' mentions and the page's own name are candidates; a "
            "logistic model weighs all places of a candidate. Features of fewer than three sites are left out. Made-up "
            "pages teach people and roles beside the labelled ones, and are in no figure and no threshold."
        ),
        "made_pages": sum(map(is_made, examples)),
        "folds": f"{FOLDS}, by site; thresholds of a fold are chosen on the others",
        "out_of_fold": score(data, {example.id: told[at] for at, example in enumerate(real)}),
        "rules_alone": score(data, {example.id: example.rules for example in real}),
        "thresholds": best_thresholds(real, found[: len(real)], outcome.chances[: len(real)]),
    }
    (target / "page_names.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def propose_out_of_fold(examples: Sequence[Example]) -> list[list[Candidate]]:
    """The candidates of every page, by a tagger that never saw its site."""
    folds = folds_of(examples)
    found: list[list[Candidate]] = [[] for _ in examples]
    for fold in range(FOLDS):
        tagger = fit_tagger([example for example, own in zip(examples, folds, strict=True) if own != fold])
        for at, (example, own) in enumerate(zip(examples, folds, strict=True)):
            if own == fold:
                found[at] = candidates(example.page, example.text, example.rules, tagger, example.seen)
    return found


def main(arguments: Sequence[str]) -> None:
    """`DATA OUT`: trains, writes the weights and the card, prints the card."""
    if len(arguments) != 2:
        raise UsageError("usage: python -m pipelines.train_pages DATA OUT")
    sys.stdout.write(json.dumps(train(Path(arguments[0]), Path(arguments[1])), indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
