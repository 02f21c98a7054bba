"""Characters: mark, header, meta, guess; never an error."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.extract.charset import choose, decode, known


@given(st.binary(max_size=300), st.none() | st.text(max_size=12))
def test_no_bytes_and_no_label_are_an_error(body, label):
    assert isinstance(decode(body, label), str)


@pytest.mark.parametrize(
    ("body", "header", "expected"),
    [
        ("Größe".encode("utf-16"), "iso-8859-1", "Größe"),
        ("Größe".encode("cp1252"), "windows-1252", "Größe"),
        ("“Größe” – 5 €".encode("cp1252"), "iso-8859-1", "“Größe” – 5 €"),
        ('<meta charset="shift_jis">日本語'.encode("cp932"), None, '<meta charset="shift_jis">日本語'),
        ("Größe".encode(), None, "Größe"),
        ("Größe".encode(), "no-such-label", "Größe"),
        ("日本語のテキストです".encode("euc_jp"), "euc-jp", "日本語のテキストです"),
    ],
    ids=["mark-wins", "header", "latin1-is-windows-1252", "meta", "utf8-undeclared", "unknown-label", "euc-jp"],
)
def test_the_declared_encoding_is_used(body, header, expected):
    assert decode(body, header) == expected


def test_a_header_that_cannot_be_true_gives_way_to_the_page():
    body = '<meta charset="windows-1251">Компания основана в Москве'.encode("cp1251")
    assert decode(body, "utf-8") == body.decode("cp1251")


def test_a_meta_in_a_comment_says_nothing():
    assert choose('<!-- <meta charset="koi8-r"> -->é'.encode(), None)[0] == "utf-8"


@pytest.mark.parametrize("label", ["utf-7", "hex", "idna", "punycode", "unicode_escape", "undefined", "", "\x00"])
def test_codecs_that_are_no_encodings_of_pages_are_not_known(label):
    assert known(label) is None


def test_nul_characters_are_dropped():
    assert decode(b"a\x00b") == "ab"


@pytest.mark.shared
def test_encodings_are_found_as_browsers_find_them(shared_data):
    """80 of html5lib's 83 cases when this was written; the others need scripts, or declare what cannot be true."""
    right = total = 0
    for path in (shared_data / "hostile" / "encoding").rglob("*.dat"):
        for case in re.split(rb"(?:^|\n)#data\n", path.read_bytes())[1:]:
            if b"\n#encoding\n" not in case:
                continue
            data, expected = case.split(b"\n#encoding\n", 1)
            wanted = known(expected.split(b"\n")[0].decode())
            found = choose(data)[0]
            right += found == wanted or (wanted == "cp1252" and data.isascii() and found == "utf-8")
            total += 1
    assert right >= 78, f"{right} of {total}"
