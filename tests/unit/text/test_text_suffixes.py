"""The list read in part says of every name what the whole list says."""

from __future__ import annotations

from importlib.resources import files

import pytest
from publicsuffixlist import PublicSuffixList

from research.text import suffixes
from research.text.suffixes import private_suffix

WHOLE = PublicSuffixList()
LINES = (files("publicsuffixlist") / "public_suffix_list.dat").read_text(encoding="utf-8").splitlines()
RULES = [line.split(" ")[0].strip() for line in LINES if line.strip() and not line.startswith("//")]


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch):
    monkeypatch.setattr(suffixes, "_PARTS", 1 << 20)  # every ending by itself, however many
    yield
    suffixes._ending.cache_clear()


def names_of(rule: str) -> list[str]:
    """Names at, below and beside a rule."""
    bare = rule.lstrip("!").replace("*", "star")
    return [bare, f"a.{bare}", f"b.a.{bare}", f"d.c.b.a.{bare}", f"x{bare}", bare.partition(".")[2], bare.upper() + "."]


def test_every_rule_is_kept_to():
    by_ending = sorted(RULES, key=lambda rule: rule.rpartition(".")[2])
    assert len(by_ending) > 5_000
    wrong = [n for r in by_ending for n in names_of(r) if n and private_suffix(n) != WHOLE.privatesuffix(n)]
    assert wrong == []


@pytest.mark.parametrize(
    "name",
    [
        "com", "example.com", "www.example.com", "www.example.co.uk", "co.uk", "www.ck", "a.b.ck", "b.ck", "city.kobe.jp",
        "a.kobe.jp", "x.y.kobe.jp", "localhost", "", ".", "a..com", ".com", "com.", "example.com.", "no.such.ending-here",
        "a.b.xn--p1ai", "bücher.example", "пример.рф", "example.com/", "exa mple.com", "a.b.c.d.e.f.g.h.i.j.co.uk",
        "example.c*m", "example.!com", "example.c(m", "example.com\n",
    ],
)  # fmt: skip
def test_odd_names_are_told_as_by_the_whole_list(name):
    assert private_suffix(name) == WHOLE.privatesuffix(name)


def test_a_page_of_many_endings_has_the_whole_list_read_once(monkeypatch):
    monkeypatch.setattr(suffixes, "_PARTS", 2)
    suffixes._ending.cache_clear()
    endings = ("com", "uk", "org", "net", "de")
    assert [private_suffix(f"a.b.{end}") for end in endings] == [WHOLE.privatesuffix(f"a.b.{end}") for end in endings]
    assert suffixes._ending.cache_info().currsize == 2
