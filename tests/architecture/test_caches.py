"""What is remembered by what strangers or accounts say has a bound: a refresh goes through thousands of accounts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Remembered without a bound, since the arguments are the project's own: names of files, sections, types, patterns, models.
OWN = {
    "pipelines/desk/review.py:boards_of",
    "pipelines/models.py:models_of",
    "pipelines/verify.py:text_of",  # lives as long as one call
    "research/analyse/annotate.py:model_version",
    "research/analyse/chain.py:load_chain",
    "research/analyse/features_text.py:_beginning",
    "research/analyse/features_text.py:_compiled",
    "research/analyse/features_text.py:lexicon",
    "research/analyse/offerings.py:_lexicon",
    "research/analyse/presence.py:_pattern",  # the seller's rivals
    "research/cluster/linear.py:weights_digest",
    "research/draft/prompting.py:load_prompt",
    "research/draft/wording.py:_variables",
    "research/draft/wording.py:wording",
    "research/text/codec.py:_names",
    "research/text/codec.py:_reader",
    "research/text/patterns.py:load_patterns",
}


def _unbounded(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Name(id="cache") | ast.Attribute(attr="cache"):
            return True
        case ast.Call(func=ast.Name(id="lru_cache"), keywords=[ast.keyword(arg="maxsize", value=ast.Constant(None))]):
            return True
    return False


def _remembered(folder: str) -> Iterator[str]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or not (node.args.args or node.args.kwonlyargs):
                continue
            if any(map(_unbounded, node.decorator_list)):
                yield f"{path.relative_to(ROOT).as_posix()}:{node.name}"


@pytest.mark.parametrize("folder", ["research", "pipelines"])
def test_only_what_has_few_values_is_remembered_without_a_bound(folder: str) -> None:
    local = {name for name in OWN if name.startswith(f"{folder}/")}
    assert set(_remembered(folder)) - local == set()
    assert local - set(_remembered(folder)) == set(), "these names are gone: take them off the list"
