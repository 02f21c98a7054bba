"""Boilerplate, falling costs and vendors' claims say nothing; an industry's pain is not the filer's."""

from __future__ import annotations

import pytest

from research.analyse.features_signals import SentenceContext
from research.analyse.wording import told_holders, told_kinds

PAIN = {"pain": 0.8, "none": 0.15, "goal": 0.05}
REMEDY = {"remedy": 0.7, "none": 0.3}
OWN = {"account": 0.9, "industry": 0.07, "customer": 0.03}


def filed(sentence: str) -> SentenceContext:
    return SentenceContext(sentence=sentence, title="Form 10-K", url="10-K/QLN", accounts=("Quillon, Inc.",))


@pytest.mark.parametrize(
    "sentence",
    [
        "See “Risk Factors - Failures of our servers may harm us.”",
        "Risks Related to Our Indebtedness",
        "Other risks not currently known to us may also harm our business.",
        "As of June 30, 2025, we have not identified any cybersecurity threats that have materially affected us.",
        "These forward-looking statements involve risks that could harm our results.",
    ],
)
def test_boilerplate_and_headings_say_nothing(sentence: str) -> None:
    told = told_kinds(filed(sentence), PAIN)
    assert list(told) == ["none", "pain", "goal"]
    assert (told["none"], told["pain"]) == (0.8, 0.15)


@pytest.mark.parametrize(
    "sentence",
    [
        "Selling and administrative costs decreased $12 million due to lower program sales.",
        "Operating expenses include cost of sales, which declined by 4%, offset by an increase in rents.",
        "• Decrease of $31 million in marketing expenses.",
        "The decrease in cost of goods sold was due to the end of a product.",
        "Our general expense was reduced because of lower legal costs.",
        "Operating expenses reflected a 2% decrease as a result of a shorter year.",
        "Charges include a decrease of $2 million in film amortization.",
    ],
)
def test_costs_that_fall_are_no_pain(sentence: str) -> None:
    assert list(told_kinds(filed(sentence), PAIN)) == ["none", "pain", "goal"]
    assert told_kinds(filed(sentence), REMEDY) == REMEDY


@pytest.mark.parametrize(
    "sentence",
    [
        "The new release helps security teams find weak passwords.",
        "Quillon introduced dashboards to help organizations gain insight.",
        "With this integration customers can now reduce the attack surface.",
        "The suite enables IT to manage risk.",
    ],
)
def test_what_a_product_lets_others_do_is_no_remedy(sentence: str) -> None:
    page = SentenceContext(sentence=sentence, url="https://quillon.example/product", accounts=("Quillon, Inc.",))
    assert list(told_kinds(page, REMEDY)) == ["none", "remedy"]
    assert told_kinds(page, PAIN) == PAIN
    assert told_kinds(filed(sentence), REMEDY) == REMEDY


@pytest.mark.parametrize(
    "sentence",
    [
        "The new workflow helped customers save two days a month.",
        "We moved our stores to one platform, which helps us to close the books in time.",
        "It allowed the team to halve its backlog.",
        "We rebuilt the intake so that it can close claims in a day.",
    ],
)
def test_what_was_done_stays_a_remedy(sentence: str) -> None:
    page = SentenceContext(sentence=sentence, url="https://quillon.example/product", accounts=("Quillon, Inc.",))
    assert told_kinds(page, REMEDY) == REMEDY


@pytest.mark.parametrize(
    "sentence",
    [
        "Our servers failed twice and we lost customers.",
        "Risks related to our debt have grown",
        "We identified three cybersecurity incidents that cost us $4 million.",
        "Revenue decreased and our costs did not.",
        "Income after these expenses declined by $9 million.",
        "Decreases in input costs may force us to lower our prices.",
        "Costs were higher as sales declined.",
        "Costs were higher as orders declined.",
        "Due to higher input costs, our production declined 12%.",
        "Our costs rose 12% while our cash flow declined by $9 million.",
        "Costs were not reduced as planned.",
        "Operating expenses have not declined as we had planned.",
        "Impairment charges reflect a decrease in demand at our stores.",
        "Reductions in our customers' capital expenditures have harmed our business.",
        "Reductions in capital expenditures have hurt our business.",
        "Depreciation of the ruble meant that orders fell by half.",
        "With increasing costs our volumes fell.",
    ],
)
def test_what_is_said_of_a_pain_stands(sentence: str) -> None:
    assert told_kinds(filed(sentence), PAIN) == PAIN


def test_what_is_nothing_already_stays_so() -> None:
    nothing = {"none": 0.9, "pain": 0.1}
    assert told_kinds(filed("See “Risk Factors.”"), nothing) == nothing


@pytest.mark.parametrize(
    "sentence",
    [
        "The semiconductor industry is highly cyclical.",
        "Such practices resulted in substantial losses in the memory industry.",
        "The storage and data management markets are intensely competitive.",
    ],
)
def test_a_filing_that_speaks_of_an_industry_alone_speaks_of_no_pain_of_its_own(sentence: str) -> None:
    told = told_holders(filed(sentence), OWN)
    assert list(told) == ["industry", "account", "customer"]
    assert sum(told.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "sentence",
    [
        "The semiconductor industry is highly cyclical, which hurts our sales.",
        "Quillon depends on the payments industry.",
        "the impact of competition in the payments industry",
        "Few candidates have the industry experience that is needed.",
    ],
)
def test_what_names_its_owner_or_no_whole_industry_is_left_alone(sentence: str) -> None:
    assert told_holders(filed(sentence), OWN) == OWN


def test_on_a_website_the_model_is_believed() -> None:
    page = SentenceContext(sentence="The payments industry is under attack.", url="https://quillon.example/")
    assert told_holders(page, OWN) == OWN


def test_nothing_is_said_of_holders_that_were_not_asked() -> None:
    assert told_holders(filed("The payments industry is in trouble."), {}) == {}


@pytest.mark.parametrize(
    "text",
    [
        "A- " * 20_000 + "risk",
        "The a" + ", b" * 20_000 + " industry",
        "Risk " * 20_000 + ".",
        "cost of " * 20_000,
        "The decrease in " + "a" * 100_000,
        "The decrease in" + " a" * 50_000,
        "helps our " + "security IT " * 20_000,
    ],
)
def test_a_pattern_reads_long_texts_to_their_end(text: str) -> None:
    assert told_holders(filed(text), OWN) == OWN
    assert told_kinds(filed(text), PAIN) == PAIN
