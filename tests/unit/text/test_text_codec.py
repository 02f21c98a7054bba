"""Values as JSON and back, and the refusal of everything else."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research.model.account import Account, Seller, Source
from research.model.capture import Capture, Request, Skipped
from research.model.document import Document
from research.model.draft import Brief, Section
from research.model.finding import Admission, Conflict, Finding, Observation, Theme, Value, attributes
from research.model.judgement import Judgement
from research.text.codec import CodecError, decode, dumps, encode, loads

FINITE = st.floats(allow_nan=False, allow_infinity=False)
st.register_type_strategy(float, FINITE)
TYPES = (
    Account, Source, Seller, Capture, Request, Skipped, Document, Observation, Finding, Conflict, Admission, Theme,
    Section, Judgement,
)  # fmt: skip


@given(st.one_of([st.from_type(kind) for kind in TYPES]))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_every_value_of_the_model_comes_back_the_same(value: object) -> None:
    back = loads(type(value), dumps(value))
    assert back == value
    assert repr(back) == repr(value)  # 1, 1.0 and True are equal, and yet not the same


@given(st.from_type(Brief))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_a_whole_brief_comes_back_the_same(brief: Brief) -> None:
    assert loads(Brief, dumps(brief)) == brief


@given(st.one_of(st.text(), st.integers(), FINITE, st.booleans(), st.none()))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_attribute_values_keep_their_type(value: Value) -> None:
    stored = attributes(value=value)
    back = loads(tuple[tuple[str, str | float | bool | None], ...], dumps(stored))
    assert repr(back) == repr(stored)


def test_the_json_is_plain_and_carries_any_character() -> None:
    skipped = Skipped(url="file:Übersicht 😀.html", reason="a lone \ud800 surrogate\x00")
    assert dumps(skipped).isascii()
    assert loads(Skipped, dumps(skipped)) == skipped


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"url": "u"}, "missing or unknown fields: reason"),
        ({"url": "u", "reason": "r", "extra": 1}, "missing or unknown fields: extra"),
        ({"url": 5, "reason": "r"}, "url: int where str should be"),
        ({"url": None, "reason": "r"}, "url: NoneType where str should be"),
        (["u", "r"], "list where a Skipped should be"),
    ],
)
def test_json_of_another_shape_is_refused_with_its_place(data: object, complaint: str) -> None:
    with pytest.raises(CodecError, match=complaint):
        decode(Skipped, data)


def test_a_mistake_deep_inside_is_named_by_its_path() -> None:
    data = encode(Theme(id="t", label="l", terms=("a", "b"), finding_ids=(), medoid="m"))
    assert isinstance(data, dict)
    data["terms"] = ["a", 7]
    with pytest.raises(CodecError, match=r"a stored Theme is damaged: terms\[1\]: int where str should be"):
        decode(Theme, data)


def test_a_choice_outside_its_list_is_refused() -> None:
    data = encode(Conflict(field="f", kind="stale", finding_ids=(), explanation="e"))
    assert isinstance(data, dict)
    with pytest.raises(CodecError, match="kind: 'ftp' is none of stale, period, scope, currency, spread, genuine"):
        decode(Conflict, data | {"kind": "ftp"})


def test_true_is_no_number_and_a_row_has_its_length() -> None:
    with pytest.raises(CodecError, match="bool where int should be"):
        decode(Source, {"id": "s", "account_id": "a", "kind": "site", "url": "u", "max_pages": True})
    with pytest.raises(CodecError, match="3 items where 2 should be"):
        decode(tuple[str, str], ["a", "b", "c"])


def test_broken_json_is_one_clear_line() -> None:
    with pytest.raises(CodecError, match="a stored Skipped is damaged: its JSON does not read"):
        loads(Skipped, '{"url": "u", ')


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_cannot_write_is_refused(number: float) -> None:
    with pytest.raises(CodecError, match="not finite"):
        dumps((number,))


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(CodecError, match="a set has no form in the store"):
        dumps({"a": {1, 2}})
    with pytest.raises(CodecError, match="a bytes has no form in the store"):
        dumps((b"bytes",))


def test_a_missing_field_takes_its_default() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Old:
        name: str

    assert loads(Account, json.dumps({"id": "a", "name": "A"})) == Account(id="a", name="A")
    assert dumps(Old(name="x")) == '{"name":"x"}'


def test_a_subclass_of_a_plain_type_is_stored_as_that_type() -> None:
    class Score(float):
        pass

    back = loads(tuple[float, ...], dumps((Score(0.5),)))
    assert back == (0.5,)
    assert type(back[0]) is float
