"""Chains of words that a pattern could cut in very many ways: what looks for titles must not try them all."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

CHAINS = {
    "capitals and hyphens": ("CEO:" + "-Infinity" * 2000, 1),
    "one word again and again": ("Chief " * 3000, 0),
    "hyphens before a head": ("Vice-" * 3000 + "President", 1),
    "lower case and hyphens": ("vice-" * 3000, 0),
    "one long word": ("CEO " + "A" * 50_000, 1),
    "what a director directs": ("Director of " + "And " * 5000, 1),
    "titles without end": ("CEO, " * 4000, 1000),
    "white space": ("Director" + " " * 50_000 + "x", 1),
    "dashes": ("Sales - " * 3000 + "CEO", 1),
}
PROGRAM = (
    "import json, sys; from research.analyse.patterns import pattern_mentions as p; print(len(p(json.load(sys.stdin))))"
)


@pytest.mark.parametrize("chain", CHAINS)
def test_titles_are_looked_for_in_a_chain_within_a_minute(chain: str) -> None:
    text, titles = CHAINS[chain]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(text),
        capture_output=True,
        text=True,
        timeout=60,  # a hang would last for hours; a hundredth of a second is usual
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
    )
    assert int(done.stdout) == titles


# Patterns of names, each with a chain of which it could begin at every letter and read to the end.
NAMES = {
    "research.analyse.facts._LEGAL": "2020-",
    "research.analyse.offerings._MARKED": "555-",
    "research.analyse.filing_rivals._MARKED": "X",
    "research.analyse.relation_pages._VERSUS": "X",
    "research.analyse.filing_profile._COUNTED": "1",
    "research.resolve.repeats._CODE": "A-",
}
SEARCH = """
import importlib, json, sys
module, _, name = sys.argv[1].rpartition(".")
print(sum(1 for _ in getattr(importlib.import_module(module), name).finditer(json.load(sys.stdin))))
"""


@pytest.mark.parametrize("pattern", NAMES)
def test_names_are_looked_for_in_a_chain_within_a_minute(pattern: str) -> None:
    chain = NAMES[pattern] * (200_000 // len(NAMES[pattern]))
    run = [sys.executable, "-c", SEARCH, pattern]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    # A second is usual; where the cost grows with the square of the length it takes ten minutes.
    done = subprocess.run(
        run, input=json.dumps(chain), capture_output=True, text=True, timeout=60, env=environment, check=True
    )
    assert done.stdout.strip() == "0"


MARKS = """
import json
from research.analyse.annotate import Annotator
texts = [f"Norvane met {mark * 18_000} Acme Inc. in Oslo." for mark in "')%\u2026" for _ in range(3)]
told = Annotator(None).annotate(texts)
print(json.dumps([all(m.text == t[m.start : m.end] for m in a.mentions) and len(a.mentions) for t, a in zip(texts, told)]))
"""


def test_the_language_model_takes_no_chain_of_marks_apart() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    # Three seconds are usual, most of them for loading; mark by mark it takes five minutes.
    done = subprocess.run(
        [sys.executable, "-c", MARKS], capture_output=True, text=True, timeout=60, env=environment, check=True
    )
    assert all(json.loads(done.stdout))  # what stands on both sides is found, and where it stands


def test_titles_with_hyphens_and_several_words_are_found_whole() -> None:
    from research.analyse.patterns import pattern_mentions

    text = "Ada Bram, Vice-President and Multi-channel Sales Director of the Gas Division, met the Co-Founder - later an Area Manager."
    roles = [m.text for m in pattern_mentions(text) if m.label == "role"]
    assert roles == [
        "Vice-President and Multi-channel Sales Director of the Gas Division",
        "Co-Founder",
        "Area Manager",
    ]
