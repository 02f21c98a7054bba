"""What other companies are to the account: trigger, scope and enumeration; a vetoed reading yields nothing."""

from __future__ import annotations

import pytest
from reading_builder import ACCOUNT, Part, quote, read

from research.analyse.relations import observe
from research.model.finding import Value

COMPANIES = ["Quillon", "Castellan Data", "Verdant Loop", "Brightmoor", "Brightmoor Inc."]


def relations(*parts: Part | str, own_terms: frozenset[str] = frozenset(), **options) -> set[tuple[Value, Value]]:
    options.setdefault("company", COMPANIES)
    observations = observe(read(*parts, **options), own_terms)
    return {(str(o.get("company")).rstrip("."), o.get("relation")) for o in observations}


def named(relation: str, *parts: Part | str, **options) -> list[str]:
    return sorted(str(company) for company, kind in relations(*parts, **options) if kind == relation)


# --- competitors --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "Harrowgate competes with Quillon, Castellan Data and Brightmoor Inc.",
        "We compete with Quillon, Castellan Data, and Brightmoor, Inc. in most markets.",
        "We compete directly against Quillon, Castellan Data or Brightmoor Inc.",
        "Our competitors include Quillon, Castellan Data and Brightmoor Inc.",
        "Our main rivals are Quillon, Castellan Data as well as Brightmoor Inc.",
        "Harrowgate faces competition from companies such as Quillon, Castellan Data and Brightmoor Inc.",
        "We compete with Quillon (of Oslo), Castellan Data and Brightmoor Inc.",
    ],
)
def test_an_enumeration_of_competitors_is_read_whole(sentence):
    names = [name.replace(",", "") for name in named("competitor", sentence)]
    assert names == ["Brightmoor Inc", "Castellan Data", "Quillon"]


@pytest.mark.parametrize(
    "sentence",
    [
        "We do not compete with Quillon.",
        "Harrowgate does not compete against Quillon.",
        "Harrowgate never competes with Quillon.",
        "Harrowgate no longer competes with Quillon.",
        "We compete for engineers with Quillon.",
        "Competition for talent from Quillon is strong, and we feel it.",
        "Brightmoor competes with Quillon.",
        "We compete with SaaS and ERP vendors.",
        "We compete with Harrowgate Systems.",
        "Quillon is a company in Oslo.",
    ],
)
def test_sentences_that_name_no_competitor(sentence):
    assert named("competitor", sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Harrowgate is an alternative to Castellan Data.",
        "Migrate from Castellan Data to Harrowgate in a week.",
        "Harrowgate replaces Castellan Data at most utilities.",
        "Utilities chose Harrowgate over Castellan Data.",
        "Unlike Castellan Data, Harrowgate needs no server.",
        "Harrowgate is faster than Castellan Data.",
    ],
)
def test_who_is_replaced_is_a_competitor(sentence):
    assert named("competitor", sentence) == ["Castellan Data"]


@pytest.mark.parametrize(
    ("heading", "url", "expected"),
    [
        ("Harrowgate vs Quillon", "https://www.harrowgate.example/compare/quillon", ["Quillon"]),
        ("Quillon vs. Harrowgate", "https://www.harrowgate.example/compare/harrowgate-vs-quillon", ["Quillon"]),
        ("The best way to leave Quillon", "https://www.harrowgate.example/quillon-alternative", ["Quillon"]),
        ("Compare us", "https://www.harrowgate.example/compare/", []),
    ],
)
def test_a_comparison_page_names_the_rival(heading, url, expected):
    body = "Quillon is slower. Quillon costs more." if expected else "We are fast."
    assert named("competitor", ("heading", heading), body, page="comparison", url=url, title=heading) == expected


def test_a_comparison_page_is_surer_of_a_rival_than_a_blog():
    def score(page: str) -> float:
        return max(o.score for o in observe(read("Harrowgate is faster than Castellan Data.", page=page)))

    assert score("comparison") > score("blog")


def test_versus_elsewhere_needs_the_account_on_one_side():
    assert named("competitor", "Quillon vs Castellan Data: who wins?", page="blog") == []
    assert named("competitor", "Harrowgate vs Castellan Data: who wins?", page="blog") == ["Castellan Data"]


# --- rivals by contrast -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "Their previous system was built on Quillon, and it struggled.",
        "The cost fell to half of that of the legacy platform from Quillon.",
        "Billing time fell from 90 minutes with Quillon to less than 5 with us.",
    ],
)
def test_what_a_customer_of_our_story_had_before_was_replaced(sentence):
    assert named("competitor", sentence, page="case_study") == ["Quillon"]
    assert named("competitor", sentence.replace("us", "it"), page="careers", place=["Quillon"]) == []


def test_a_name_that_the_model_takes_for_a_place_is_a_rival_where_only_a_product_can_stand():
    sentence = "The previous system was based on Quillon."
    assert named("competitor", sentence, page="case_study", company=[], place=["Quillon"]) == ["Quillon"]
    known = "The previous system was based on Norway."
    assert named("competitor", known, page="case_study", company=[], place=["Norway"]) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Teams look at platforms like Quillon and Harrowgate.",
        "Both Quillon and the Harrowgate meter service offer unique advantages.",
        "Choosing between Quillon and Harrowgate takes a day.",
        "Popular tools like Quillon are available, but they become expensive with growth.",
    ],
)
def test_what_stands_beside_the_account_as_a_choice_is_a_rival(sentence):
    assert named("competitor", sentence, page="blog") == ["Quillon"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Teams look at platforms like Quillon and Castellan Data.",
        "Popular tools like Quillon connect in a minute.",
        "We tested VannTech machines as an alternative to Quillon.",
        "We migrated our own wiki from Quillon.",
        "Both Quillon and Harrowgate sent engineers.",
    ],
)
def test_what_is_used_tested_or_only_listed_is_no_rival(sentence):
    assert named("competitor", sentence, page="blog") == []


def test_tools_from_which_the_next_sentence_sets_the_account_apart_are_rivals():
    text = "Such platforms as Quillon and Castellan Data read meters. {} by reading them every minute."
    rivals = ["Castellan Data", "Quillon"]
    assert named("competitor", text.format("Harrowgate stands out"), page="blog") == rivals
    assert named("competitor", text.format("Harrowgate can import from them"), page="blog") == []


def _guide(account: str, page: str = "blog", title: str = "Top 5 billing platforms compared"):
    heads = [
        ("heading", f"{n}: good for much") for n in ("1. Quillon", "2. Castellan Data", "3. Verdant Loop", account)
    ]
    return named("competitor", ("heading", title), *heads, page=page, title=title)


def test_the_members_of_a_guide_to_vendors_are_rivals_where_the_account_is_one_of_them():
    assert _guide("4. Harrowgate") == ["Castellan Data", "Quillon", "Verdant Loop"]
    assert _guide("4. Brightmoor") == []
    assert _guide("4. Harrowgate", page="press_release") == []
    assert _guide("4. Harrowgate", title="Five trips to the sea") == []


def test_the_columns_beside_the_account_s_in_a_table_that_compares_are_rivals():
    row = ("table_row", "Feature | Harrowgate | Quillon | Castellan Data")
    assert named("competitor", ("heading", "How we compare"), row, page="product") == ["Castellan Data", "Quillon"]
    assert named("competitor", ("heading", "Field mapping"), row, page="product") == []


def test_a_headline_that_counts_the_alternatives_to_a_product_names_a_rival():
    assert named("competitor", "6 Quillon alternatives for billing", page="newsroom") == ["Quillon"]
    common = "6 Investment alternatives for savers"
    assert named("competitor", common, "An investment is made once.", page="newsroom", company=[]) == []


def test_a_post_that_compares_technologies_is_no_rivalry_unless_it_brings_the_account_in():
    options = {"page": "comparison", "url": "https://www.harrowgate.example/blog/quillon-vs-castellan"}
    title = "Quillon vs Castellan: which one?"
    other = "Verdant vs Brightmoor: a showdown"
    assert named("competitor", ("heading", title), "Both are fine.", title=title, **options) == []
    told = "Harrowgate runs Castellan for you."
    assert "Quillon" in named("competitor", ("heading", title), told, other, title=title, **options)
    assert "Brightmoor" not in named("competitor", ("heading", title), told, other, title=title, **options)


def test_the_account_s_own_products_are_never_competitors():
    sentence = "We compete with Flow Meter and Quillon."
    assert named("competitor", sentence, own_terms=frozenset({"flow meter"})) == ["Quillon"]
    assert named("customer", "Our customers include FlowSight and Quillon.", own_terms=frozenset({"flowsight"})) == [
        "Quillon"
    ]


# --- customers, partners, suppliers, owners -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Our customers include Northfell Water, Bergen Vann AS and the City of Leeds.",
            ["Bergen Vann AS", "City of Leeds", "Northfell Water"],
        ),
        ("NorthWater chose Harrowgate for its billing.", ["NorthWater"]),
        ("FlowTech signed a contract with Harrowgate.", ["FlowTech"]),
        ("Harrowgate is trusted by H2O Partners and VannTech.", ["H2O Partners", "VannTech"]),
        ("Our customers include CIOs, CEOs and many more.", []),
        ("About 1,900 companies use Harrowgate.", []),
        ("In May 2025 Great Pinery Foods named Harrowgate its supplier.", ["Great Pinery Foods"]),
        ("Brightmoor is happy.", []),
    ],
)
def test_customers(sentence, expected):
    assert named("customer", sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Harrowgate partners with Castellan Data.", ["Castellan Data"]),
        ("Harrowgate announced a partnership with Quillon GmbH.", ["Quillon GmbH"]),
        ("Our partners include Castellan Data and VannTech.", ["Castellan Data", "VannTech"]),
        ("Harrowgate joins forces with Castellan Data.", ["Castellan Data"]),
        ("Harrowgate is not a partner with Castellan Data.", []),
        ("Our partner is Tobias Renner.", []),
        ("Brightmoor partners with Castellan Data.", []),
    ],
)
def test_partners(sentence, expected):
    assert named("partner", sentence) == expected


@pytest.mark.parametrize(
    ("heading", "relation"),
    [
        ("Our partners", "partner"),
        ("Selected customers", "customer"),
        ("Our clients", "customer"),
        ("Key suppliers", "supplier"),
        ("Competitors", "competitor"),
        ("Investors", "investor"),
    ],
)
def test_a_list_below_a_heading_that_says_what_its_members_are(heading, relation):
    parts = (
        ("heading", heading),
        ("list_item", "Verdant Loop"),
        ("list_item", "Castellan Data – cloud hosting"),
        ("list_item", "Learn more"),
    )
    assert named(relation, *parts) == ["Castellan Data", "Verdant Loop"]


def test_a_list_below_any_other_heading_says_nothing():
    assert (
        relations(("heading", "News"), ("list_item", "Verdant Loop"), ("list_item", "Castellan Data – hosting"))
        == set()
    )


@pytest.mark.parametrize(
    ("headline", "company"),
    [
        ("Harrowgate Acquires Security Firm, Komplex", "Komplex"),
        ("Harrowgate Acquires Leak Detection Company Verdant Loop", "Verdant Loop"),
        ("Harrowgate Completes Acquisition of VannTech AS", "VannTech AS"),
        ("In 2019 we acquired Castellan Data.", "Castellan Data"),
        ("Harrowgate has acquired Quillon Ltd. for $12 million.", "Quillon Ltd"),
    ],
)
def test_acquisitions_name_the_company_and_not_its_description(headline, company):
    assert relations(("heading", headline), page="press_release", title=headline) == {(company, "acquired")}


@pytest.mark.parametrize(
    "sentence",
    [
        "Brightmoor acquired Quillon.",
        "Customers acquired Quillon pumps before that.",
        "At Brightmoor, prior to Harrowgate, she acquired Quillon.",
    ],
)
def test_acquisitions_by_others(sentence):
    assert named("acquired", sentence, page="press_release") == []


@pytest.mark.parametrize(
    ("sentence", "relation", "expected"),
    [
        ("Harrowgate raised $20 million in a round led by Tarn Capital.", "investor", ["Tarn Capital"]),
        ("Harrowgate is backed by Fenwick Ventures.", "investor", ["Fenwick Ventures"]),
        ("Our investors include Fenwick Ventures and Tarn Capital.", "investor", ["Fenwick Ventures", "Tarn Capital"]),
        ("Moorland Group holds 20 % of our shares.", "investor", ["Moorland Group"]),
        ("Brightmoor is backed by Fenwick Ventures.", "investor", []),
        ("We buy radio chips from RadioTech GmbH.", "supplier", ["RadioTech GmbH"]),
        ("Our suppliers include Castellan Data and VannTech.", "supplier", ["Castellan Data", "VannTech"]),
        ("Our subsidiary Castellan Data makes sensors.", "subsidiary", ["Castellan Data"]),
        ("Harrowgate is a subsidiary of Moorland Group.", "parent", ["Moorland Group"]),
        ("Harrowgate was acquired by Moorland Group.", "parent", ["Moorland Group"]),
        ("Harrowgate UK is a subsidiary of Harrowgate Systems.", "parent", []),
    ],
)
def test_investors_suppliers_and_owners(sentence, relation, expected):
    assert named(relation, sentence) == expected


def test_a_case_study_tells_of_the_customer_in_its_address():
    story = {"page": "case_study", "url": "https://www.harrowgate.example/customers/northfell-water"}
    body = "Northfell Water serves two million people. Northfell Water uses our meters."
    assert relations(("heading", "How Northfell Water cut leaks"), body, **story) == {("Northfell Water", "customer")}
    assert relations(("heading", "How a utility cut leaks"), "It uses meters.", **story) == set()


# --- scope --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "options"),
    [
        ("We compete with Quillon.", {"own": False}),
        ("We compete with Quillon.", {"page": "filing"}),
        (("footer", "We compete with Quillon."), {}),
        (("metadata", "description: We compete with Quillon."), {}),
        (("paragraph", "We compete with Quillon.", ("About Brightmoor",)), {}),
    ],
)
def test_where_nothing_is_read(part, options):
    assert relations(part, **options) == set()


def test_a_sentence_that_names_the_account_is_surer_than_one_that_only_speaks():
    def score(sentence: str) -> float:
        return max(o.score for o in observe(read(sentence, company=COMPANIES)))

    assert score("Harrowgate competes with Castellan Data.") > score("We compete with Castellan Data.")


def test_a_plain_word_is_surer_where_the_model_takes_it_for_a_company():
    def scores(**marked: list[str]) -> list[float]:
        return [o.score for o in observe(read("Harrowgate is an alternative to Quillon.", **marked))]

    assert scores(company=["Quillon"]) > scores()
    assert scores(place=["Quillon"]) == []


def test_the_evidence_is_the_sentence_and_whose_relation_it_is():
    reading = read("It rains. We compete with Castellan Data in Norway. It snows.", company=COMPANIES)
    (found,) = observe(reading)
    assert quote(reading, found) == "We compete with Castellan Data in Norway."
    assert found.get("of") == ACCOUNT.name
    assert 0 < found.score <= 0.95


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("In 2024 we bought Quillon.", ["Quillon"]),
        ("In 2024 we bought Brightmoor Planning Cloud.", []),
        ("In 2024 we bought Quillon to see further than one quarter ahead.", []),
        ("We bought licences of Quillon.", []),
    ],
)
def test_software_that_was_bought_is_no_company_that_was_acquired(sentence, expected):
    assert named("acquired", sentence) == expected


def test_the_maker_is_named_where_the_table_names_its_product():
    row = ("table_row", "Feature | Harrowgate Flow | Quillon FlowMaster")
    assert named("competitor", ("heading", "Harrowgate vs Quillon"), row, page="product") == ["Quillon"]
