"""Every pattern file of the corpora compiles, and says by name what is wrong with a reference."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest

from research.text import patterns
from research.text.patterns import load_patterns

FOLDER = files("corpora") / "patterns"
SUBJECTS = sorted(entry.name.removesuffix(".toml") for entry in FOLDER.iterdir() if entry.name.endswith(".toml"))


def raw(subject: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / f"{subject}.toml").read_text(encoding="utf-8"))


def is_plain(subject: str) -> bool:
    """Whether the file is name = pattern throughout, and no array of tables with an order of its own."""
    values = raw(subject).values()
    return all(isinstance(v, str) or (isinstance(v, list) and all(isinstance(p, str) for p in v)) for v in values)


def sources(value: object, key: str = "") -> Iterator[str]:
    """Every pattern within the tables of a file: what stands under `pattern` or `patterns`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from sources(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from sources(inner, key)
    elif key in ("pattern", "patterns"):
        yield str(value)


def test_there_are_pattern_files():
    assert {"facts", "people", "offices", "page_types", "companies", "relations", "events"} <= set(SUBJECTS)


@pytest.mark.parametrize("subject", [s for s in SUBJECTS if is_plain(s)])
def test_a_file_of_named_patterns_compiles(subject):
    compiled = load_patterns(subject)
    assert list(compiled) == list(raw(subject))
    assert not [name for name, pattern in compiled.items() if "<<" in pattern.pattern]
    assert all(pattern.pattern for pattern in compiled.values())


@pytest.mark.parametrize("subject", [s for s in SUBJECTS if not is_plain(s)])
def test_a_file_of_tables_compiles(subject):
    found = list(sources(raw(subject)))
    assert found
    for source in found:
        assert re.compile(source.replace("@", "(?:Harrowgate)")).fullmatch("") is None


def test_a_file_is_read_once():
    assert load_patterns("facts") is load_patterns("facts")


@pytest.fixture
def corpora(tmp_path, monkeypatch):
    (tmp_path / "patterns").mkdir()
    monkeypatch.setattr(patterns, "files", lambda package: tmp_path)
    yield tmp_path / "patterns"
    load_patterns.cache_clear()


def test_lists_are_joined_and_names_stand_for_what_is_above_them(corpora):
    (corpora / "own_subject.toml").write_text("word = '[a-z]+'\npair = ['(?P<one><<word>>)', '-', '<<word>>']\n")
    match = load_patterns("own_subject")["pair"].fullmatch("salt-water")
    assert match is not None
    assert match["one"] == "salt"


def test_an_unknown_name_is_an_error(corpora):
    (corpora / "own_subject.toml").write_text("pair = '<<word>>'\nword = '[a-z]+'\n")
    with pytest.raises(KeyError, match="word"):
        load_patterns("own_subject")


def test_a_broken_pattern_is_an_error_where_it_is_used(corpora):
    (corpora / "own_subject.toml").write_text("pair = '(unclosed'\nword = '[a-z]+'\n")
    found = load_patterns("own_subject")
    assert found["word"].fullmatch("salt")
    assert found.source("pair") == "(unclosed"
    with pytest.raises(re.error):
        found["pair"]


def test_a_pattern_is_compiled_once(corpora):
    (corpora / "own_subject.toml").write_text("word = '[a-z]+'\n")
    found = load_patterns("own_subject")
    assert found["word"] is found["word"]
    assert "pair" not in found
