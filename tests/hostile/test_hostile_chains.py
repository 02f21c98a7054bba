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


def test_titles_with_hyphens_and_several_words_are_found_whole() -> None:
    from research.analyse.patterns import pattern_mentions

    text = "Ada Bram, Vice-President and Multi-channel Sales Director of the Gas Division, met the Co-Founder - later an Area Manager."
    roles = [m.text for m in pattern_mentions(text) if m.label == "role"]
    assert roles == [
        "Vice-President and Multi-channel Sales Director of the Gas Division",
        "Co-Founder",
        "Area Manager",
    ]
