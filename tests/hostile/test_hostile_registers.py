"""Answers of registers, job boards and indexes with parts of another kind than documented: each costs at most itself."""

from __future__ import annotations

import copy
import json
import os
import random
from dataclasses import replace
from typing import Any

import pytest

from pipelines import gather_kind
from research.sources.registry import KINDS, kind_of
from research.text.pages import PAGE_TYPES, page_type
from tests.sources.example import load_example, names_of_examples, run_example

TRIES = int(os.environ.get("DOSSIER_FUZZ_EXAMPLES", "12"))
ODD: tuple[Any, ...] = (
    None, 5, -1, 1.5, True, "x", "", " ", [], {}, [5], [None], [[]], {"a": 1}, "9" * 30, 10**30, 1e999, "\ud800", "2026-13-45",
    "\x1b[2J", "x" * 5_000, "://", "http://[", "-",
)  # fmt: skip


def changed(body: bytes, draw: random.Random) -> bytes:
    """The JSON with one to three of its values as something else; of what is no JSON some bytes are."""
    try:
        data = json.loads(body)
    except ValueError:
        noise = bytearray(body)
        for _ in range(5 if noise else 0):
            noise[draw.randrange(len(noise))] = draw.randrange(256)
        return bytes(noise)
    for _ in range(draw.randint(1, 3)):
        held, place, part = None, None, data
        while isinstance(part, dict | list) and part and (held is None or draw.random() < 0.85):
            held, place = part, draw.choice(list(part) if isinstance(part, dict) else range(len(part)))
            part = held[place]
        if held is not None:
            held[place] = copy.deepcopy(draw.choice(ODD))
    return json.dumps(draw.choice(ODD) if draw.random() < 0.05 else data).encode()


@pytest.mark.parametrize("name", [name for name in names_of_examples() if name in KINDS])
def test_no_shape_of_an_answer_breaks_a_kind(name, monkeypatch) -> None:
    """The wall in `gather_kind` is taken down, so that each kind has to say by itself what is not as documented."""
    monkeypatch.setattr(gather_kind, "_ODD", ())
    example = load_example(name)
    for number in range(TRIES):
        draw = random.Random(f"{name} {number}")
        chosen = draw.randrange(len(example.answers))
        answers = tuple(
            replace(one, body=changed(one.body, draw)) if at == chosen or draw.random() < 0.2 else one
            for at, one in enumerate(example.answers)
        )
        run = run_example(replace(example, answers=answers))
        assert [skipped for skipped in run.skipped if not skipped.reason] == []


@pytest.mark.parametrize("url", ["http://[x/", "http://a]b/", "http://", "", "://", "http://\u2100.example/"])
def test_what_is_no_address_is_of_no_kind(url: str) -> None:
    assert kind_of(url) is None
    assert page_type(url) in PAGE_TYPES


def test_a_shape_that_nobody_foresaw_costs_the_answer_and_not_the_run(monkeypatch) -> None:
    def stumble(*_: object) -> None:
        raise TypeError("'NoneType' object is not iterable")

    monkeypatch.setitem(KINDS, "lever", replace(KINDS["lever"], follow=stumble))  # type: ignore[arg-type]
    run = run_example(load_example("lever"))
    assert run.kept == []
    assert {skipped.reason for skipped in run.skipped} == {
        "the answer is not as documented (TypeError): its format may have changed"
    }
