"""A sentence that its quote does not show is caught, whichever way it was changed."""

from __future__ import annotations

import re

import pytest

from research.draft.check import verify_claim
from research.draft.support import Number, numbers
from research.draft.wording import wording
from research.model.draft import SECTION_TITLES

QUOTE = (
    "On 12 March 2024, Harrow & Tides Logistics reported revenue of €62.4 million for 2023, up 7%, said Ingrid Vaszary."
)
CONTEXT = ("Harrow & Tides Logistics", "2024-03-12")
WORDS = frozenset("revenue as of reported by up said".split(" "))


def kinds(text: str, *quotes: str, context: tuple[str, ...] = CONTEXT) -> set[str]:
    found = verify_claim(text, quotes or (QUOTE,), context=context, own_words=WORDS)
    return {problem.kind for problem in found}


@pytest.mark.parametrize(
    "text",
    [
        "Revenue: €62.4 million in 2023 (as of 12 Mar 2024).",
        "Revenue: €62,400,000 (as of 2024-03-12).",
        "Revenue: 62.4 million, up 7%.",
        "Reported by Ingrid Vaszary on 12 March 2024.",
        "Revenue: €62.4 million, FY2023.",
        "“reported revenue of €62.4 million … said Ingrid Vaszary” (as of Mar 2024).",
    ],
)
def test_what_the_quote_shows_passes(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Revenue: €62.5 million in 2023.", "number"),
        ("Revenue: €62.4 billion in 2023.", "number"),
        ("Revenue: $62.4 million in 2023.", "number"),
        ("Revenue: €62.4 million in 2022.", "number"),
        ("Revenue up 7 million.", "number"),
        ("Revenue up 7.", "number"),
        ("Revenue: €62.4 million (as of 13 Mar 2024).", "date"),
        ("Revenue: €62.4 million (as of 12 Apr 2024).", "date"),
        ("Reported by Ingrid Vasary.", "name"),
        ("Reported by Harrow Vaszary & Northgate.", "name"),
        ("Revenue of Delta Quay: €62.4 million.", "name"),
        ("Harrow & Tides reported no revenue of €62.4 million.", "negation"),
        ("Harrow & Tides may have reported revenue of €62.4 million.", "modality"),
        ("“reported profit of €62.4 million”", "quote"),
        ("Revenue: €62.4 million, a spectacular triumph.", "wording"),
    ],
)
def test_a_changed_sentence_is_caught(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    ("quote", "claim", "kind"),
    [
        ("We do not compete with Delta Quay.", "We compete with Delta Quay.", "negation"),
        ("We don't struggle with vessel delays.", "“struggle with vessel delays”", "negation"),
        ("We have never operated ferries in Oslo.", "Operated ferries in Oslo.", "negation"),
        ("The company may acquire Kestrel Drayage.", "The company: acquire Kestrel Drayage.", "modality"),
        ("If prices rise, margins at Ostwerk fall.", "“margins at Ostwerk fall”", "modality"),
        ("Wir haben keine Filiale in Hamburg.", "Filiale in Hamburg.", "negation"),
        ("We could close the terminal in Hamburg.", "“close the terminal in Hamburg”", "modality"),
    ],
)
def test_what_a_quote_denies_or_expects_is_no_flat_statement(quote: str, claim: str, kind: str) -> None:
    assert kind in kinds(claim, quote)


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("Founded in 1987, we have never taken outside capital.", "Founded in 1987."),
        ("We are not only a carrier: Harrow runs terminals.", "Harrow runs terminals."),
        ("Harrow runs terminals; it may sell its ferry.", "Harrow runs terminals."),
        ("Our no-code gate opens terminals.", "Our gate opens terminals."),
    ],
)
def test_a_not_elsewhere_in_the_quote_does_not_count(quote: str, claim: str) -> None:
    assert not kinds(claim, quote) & {"negation", "modality"}


def test_a_question_of_ours_may_ask_in_any_mood() -> None:
    asked = kinds("“reported revenue of €62.4 million” (as of 12 Mar 2024). What would you not repeat?")
    assert not asked & {"negation", "modality", "number", "date", "quote"}


def test_a_table_in_millions_supports_the_full_figure_only_with_its_note() -> None:
    assert kinds("Revenue: €385.7 million.", "Revenue | 385.7 | 351.2", context=("in millions",)) == set()
    assert kinds("Revenue: €385.7 million.", "Revenue | 385.7 | 351.2", context=()) == {"number"}


def test_names_must_stand_together_in_one_text() -> None:
    quotes = ("Ingrid Vaszary leads.", "Karel Bohm left.")
    assert kinds("Ingrid Bohm", *quotes) == {"name"}
    assert kinds("Karel Bohm", *quotes) == set()


def test_without_quotes_nothing_holds() -> None:
    assert [p.kind for p in verify_claim("Revenue: €62.4 million.", [], context=("€62.4 million",))] == ["uncited"]


def test_number_words_and_digits_are_equal() -> None:
    assert kinds("11 terminals", "We run eleven terminals.") == set()
    assert kinds("12 terminals", "We run eleven terminals.") == {"number"}


@pytest.mark.parametrize("section", SECTION_TITLES)
def test_templates_bring_in_no_negation_modality_or_number(section: str) -> None:
    """A template that said "may" or "not" by itself would be held against every quote."""
    for key, templates in wording(section).sentences.items():
        for template in templates:
            # Against a quote of the bare variables: whatever else the sentence says is the template's own doing.
            quote = " ".join(re.findall(r"{(\w+)}", template))
            found = verify_claim(template.replace("{", "").replace("}", ""), [quote])
            assert not {p.kind for p in found} & {"negation", "modality", "number"}, (key, template)


@pytest.mark.parametrize(
    ("quote", "claim", "holds"),
    [
        ("Revenue in 2025 was SEK 640 million.", "Revenue: SEK 640 million, in 2025.", True),
        ("Revenue in 2025 was SEK 640 million.", "Revenue: EUR 640 million, in 2025.", False),
        ("Revenue in 2025 was SEK 640 million.", "Revenue: 640 million dollars, in 2025.", False),
        ("Revenue in 2025 was 640 million kronor.", "Revenue: SEK 640 million, in 2025.", None),
        ("Revenue in 2025 was 640 million kronor.", "Revenue: €640 million, in 2025.", False),
        ("Revenue was HK$640 million.", "Revenue: $640 million.", False),
        ("Revenue was HK$640 million.", "Revenue: HK$640 million.", True),
        ("Revenue was HK$640 million.", "Revenue: US$640 million.", False),
        ("Revenue was $640 million.", "Revenue: HK$640 million.", False),
        ("Revenue was AUD$640 million.", "Revenue: A$640 million.", True),
        ("Revenue was J$640 million.", "Revenue: $640 million.", False),
        ("Revenue was US$640 million.", "Revenue: $640 million.", True),
        ("Revenue was 640 million AUD.", "Revenue: A$640 million.", True),
        ("Revenue was RMB 640 million.", "Revenue: CNY 640 million.", None),
        ("Revenue was INR 640 million.", "Revenue: 640 million rupees.", None),
        ("Revenue was INR 640 million.", "Revenue: 640 million yen.", False),
        ("Revenue was 640 million.", "Revenue: $640 million.", True),
        ("Our Model S 500 needs PHP 8.", "Our Model S 500 needs PHP 8.", True),
    ],
)
def test_another_currency_is_another_number(quote: str, claim: str, holds: bool | None) -> None:
    """None: the number holds, and the code is a word that the quote does not have."""
    kinds = {problem.kind for problem in verify_claim(claim, [quote], own_words=frozenset({"revenue", "in"}))}
    assert ("number" in kinds) == (holds is False)
    assert (not kinds) == (holds is True)


SIGNS = (
    "HK$",
    "CA$",
    "C$",
    "NT$",
    "MX$",
    "S$",
    "R$",
    "AU$",
    "AUD$",
    "A$",
    "NZ$",
    "US$",
    "$",
    "J$",
    "CN¥",
    "¥",
    "€",
    "£",
)
CODES = ("SEK", "SEK ", "EUR", "EUR ", "USD", "CHF", "HKD")


@pytest.mark.parametrize("sign", SIGNS + CODES)
def test_another_amount_is_caught_behind_every_sign(sign: str) -> None:
    quote = f"Revenue was {sign}640 million."
    found = verify_claim(f"Revenue: {sign}900 million.", [quote], own_words=frozenset({"revenue"}))
    assert "number" in {problem.kind for problem in found}
    assert verify_claim(f"Revenue: {sign}640 million.", [quote], own_words=frozenset({"revenue"})) == ()


def test_a_digit_that_ends_a_name_or_marks_a_footnote_is_no_number() -> None:
    assert numbers("Sales(1) and costs(2)") == []
    assert numbers("Sales($5)") == [Number(5, "USD")]
    assert numbers("Rapid7 and Area51 run Windows95.") == []
    assert numbers("It made HK$5 million.") == [Number(5e6, "HKD", scaled=True)]
    assert numbers("SEK640 and EUR640m") == [Number(640, "SEK"), Number(640e6, "EUR", scaled=True)]
