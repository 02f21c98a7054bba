"""Cue lexicons: what saves time when a word is looked up must not change what is found."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from research.analyse.features_text import lexicon

PATTERNS = sorted({part for p in lexicon("signal_cues")._patterns for part in (p.head, *p.tail) if part})


@given(st.sampled_from([p for p in PATTERNS if "\\" not in p and "[" not in p]), st.data())
def test_a_pattern_finds_every_word_that_it_can_spell(pattern: str, data: st.DataObject) -> None:
    word = data.draw(st.from_regex(pattern, fullmatch=True))
    found = {p.name for p in lexicon("signal_cues")._starts(word)}
    assert {p.name for p in lexicon("signal_cues")._patterns if re.fullmatch(p.head, word)} == found
