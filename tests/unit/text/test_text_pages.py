"""What kind of page an address and a title promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.text.pages import PAGE_TYPES, page_type

SITE = "https://www.harrowgate.example"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "home"),
        ("/", "home"),
        ("/index.html", "home"),
        ("/default.aspx", "home"),
        ("/about-us", "about"),
        ("/company/history", "about"),
        ("/who-we-are/", "about"),
        ("/unternehmen", "about"),
        ("/about/leadership", "leadership"),
        ("/team", "leadership"),
        ("/company/board-of-directors", "leadership"),
        ("/products", "product"),
        ("/products/flowsight", "product"),
        ("/pricing", "product"),
        ("/services.html", "product"),
        ("/solutions/water/", "product"),
        ("/press-releases/2023/a-new-plant", "press_release"),
        ("/releases/12", "press_release"),
        ("/news", "newsroom"),
        ("/newsroom/", "newsroom"),
        ("/news/press-releases", "newsroom"),
        ("/investors", "investor"),
        ("/ir/annual-report", "investor"),
        ("/careers", "careers"),
        ("/join-us", "careers"),
        ("/careers/field-engineer", "job"),
        ("/jobs/engineering/lead", "job"),
        ("/customers", "customers"),
        ("/customers/northfell-water", "case_study"),
        ("/case-studies/leaks", "case_study"),
        ("/success-stories/leaks.html", "case_study"),
        ("/compare/quillon", "comparison"),
        ("/harrowgate-vs-quillon", "comparison"),
        ("/quillon-alternative", "comparison"),
        ("/partners", "partners"),
        ("/contact-us/", "contact"),
        ("/locations", "contact"),
        ("/kontakt", "contact"),
        ("/blog/leaks", "blog"),
        ("/privacy", "legal"),
        ("/legal/terms", "legal"),
        ("/terms-of-use", "legal"),
        ("/impressum", "legal"),
        ("/x", "other"),
        ("/team-management-software", "other"),
        ("/newspaper", "other"),
        ("/aboutness", "other"),
    ],
)
def test_the_path_decides(path, expected):
    assert page_type(SITE + path) == expected


@pytest.mark.parametrize("locale", ["/en", "/de", "/en-us", "/fr_FR", "/de-DE"])
@pytest.mark.parametrize(
    ("path", "expected"),
    [("/", "home"), ("/about", "about"), ("/products/flowsight", "product"), ("/news", "newsroom")],
)
def test_a_locale_before_the_path_changes_nothing(locale, path, expected):
    assert page_type(SITE + locale + path) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("About Harrowgate", "about"),
        ("Form 10-K 2022", "filing"),
        ("Harrowgate vs. Quillon", "comparison"),
        ("Careers at Harrowgate", "careers"),
        ("Contact us", "contact"),
        ("Our leadership", "leadership"),
        ("All about water", "other"),
        ("", "other"),
    ],
)
def test_the_title_decides_where_the_path_says_nothing(title, expected):
    assert page_type(f"{SITE}/a1b2", title) == expected


def test_the_path_goes_before_the_title():
    assert page_type(f"{SITE}/products/flowsight", "About FlowSight") == "product"


def test_a_query_is_no_home_page():
    assert page_type(f"{SITE}/?page=2") == "other"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ir.harrowgate.example/reports", "investor"),
        ("file:about.html", "about"),
        ("file:site/press-releases/plant.html", "press_release"),
        ("file:report.pdf", "other"),
    ],
)
def test_hosts_and_local_files(url, expected):
    assert page_type(url) == expected


@given(st.text(alphabet="abz/-._%?=é0", max_size=40), st.text(max_size=20))
def test_every_page_has_one_of_the_known_kinds(path, title):
    assert page_type(f"{SITE}/{path}", title) in PAGE_TYPES
