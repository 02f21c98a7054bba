"""The settings file: defaults, values, and one clear line for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from research.errors import DossierError, UsageError
from research.settings import FILE_NAME, NlpSettings, Settings, load_settings

WHOLE = """
contact = "research@ours.example"
user_agent = "Ours/1.0"
delay_seconds = 2
max_pages = 50
workers = 4
language = "de"
[nlp]
model = "en_core_web_md"
"""


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    assert (Settings().delay_seconds, Settings().max_pages, Settings().nlp.model) == (1.0, 200, None)


def test_every_field_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(WHOLE)
    assert load_settings(tmp_path) == Settings(
        contact="research@ours.example",
        user_agent="Ours/1.0",
        delay_seconds=2.0,
        max_pages=50,
        workers=4,
        language="de",
        nlp=NlpSettings(model="en_core_web_md"),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("max_page = 3", "unknown key 'max_page': the keys here are contact, user_agent, .*nlp"),
        ("[nlp]\nmodell = 'x'", "unknown key 'nlp.modell': the keys here are model$"),
        ("max_pages = 'many'", "max_pages: input should be a valid integer"),
        ("max_pages = true", "max_pages: input should be a valid integer"),
        ("max_pages = 0", "max_pages: input should be greater than or equal to 1"),
        ("delay_seconds = -1", "delay_seconds: input should be greater than or equal to 0"),
        ("delay_seconds = nan", "delay_seconds: "),
        ("workers = 1000", "workers: input should be less than or equal to 64"),
        ("language = 'German'", "language: string should match"),
        ('user_agent = "a\\r\\nHost: evil"', "user_agent: string should match"),
        ('contact = "a\\n"', "contact: string should match"),
        ("contact = ''", "contact: string should have at least 1 character"),
        ("nlp = 3", "nlp: input should be"),
        ("max_pages = ", "is no valid TOML"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_key(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(UsageError, match=complaint) as caught:
        load_settings(tmp_path)
    assert str(caught.value).startswith(str(tmp_path / FILE_NAME))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        load_settings(tmp_path)


def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(DossierError, match="cannot be read"):
        load_settings(tmp_path)
