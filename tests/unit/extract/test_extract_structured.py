"""What a page says of itself to machines."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from research.extract.html_parse import parse
from research.extract.structured import describe, metadata_lines, metadata_pairs


def said(*things: object, head: str = ""):
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)
    return describe(parse(f"<html><head>{head}{scripts}</head><body><p>x</p></body></html>"))


ACME = {
    "@context": "https://schema.org",
    "@type": ["Corporation"],
    "name": "Acme",
    "legalName": "Acme, Inc.",
    "foundingDate": "1999-04",
    "numberOfEmployees": {"@type": "QuantitativeValue", "value": 1200},
    "address": {
        "@type": "PostalAddress",
        "streetAddress": "120 Causeway St",
        "addressLocality": "Boston",
        "postalCode": "02114",
    },
    "founder": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "John Roe"}],
}


def test_an_organization_is_given_in_lines_and_pairs():
    page = said(
        {"@graph": [{"@type": "WebSite", "name": "Site"}, ACME]},
        head='<meta property="og:site_name" content="Acme Site">',
    )
    assert metadata_lines(page) == [
        "site_name: Acme Site",
        "Organization name: Acme",
        "legalName: Acme, Inc.",
        "foundingDate: 1999-04",
        "numberOfEmployees: 1200",
        "founder: Jane Doe, John Roe",
        "Organization address: 120 Causeway St, Boston, 02114",
    ]
    assert metadata_pairs(page) == (
        ("site_name", "Acme Site"),
        ("organization_name", "Acme"),
        ("organization_legal_name", "Acme, Inc."),
    )


def test_articles_jobs_people_and_products():
    lines = metadata_lines(
        said(
            {
                "@type": "BlogPosting",
                "headline": "On robots",
                "datePublished": "2020-01-02",
                "author": {"@type": "Person", "name": "J. Doe"},
            },
            {
                "@type": "JobPosting",
                "title": "Welder",
                "hiringOrganization": {"name": "Acme"},
                "jobLocation": {"address": {"addressLocality": "Oslo"}},
            },
            {"@type": "SoftwareApplication", "name": "Sorter", "brand": "Acme"},
        )
    )
    assert {"headline: On robots", "datePublished: 2020-01-02", "author: J. Doe", "Person name: J. Doe"} <= set(lines)
    assert {"title: Welder", "hiringOrganization: Acme", "jobLocation: Oslo", "Product name: Sorter"} <= set(lines)


def test_broken_json_is_passed_over_and_the_rest_is_read():
    opening = '<script type="application/ld+json">'
    html = f'{opening}{{"@type": "Org</script>{opening}{{"@type":"Organization","name":"Acme"}}</script>'
    assert describe(parse(html)).first("Organization").text("name") == "Acme"


def test_prose_in_a_field_is_cut():
    page = said({"@type": "Organization", "name": "A", "description": "word " * 1000})
    assert max(map(len, metadata_lines(page))) < 560


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "@graph", "name", "author", "address", "value", "minValue", "maxValue"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_shape_of_json_is_an_error(value):
    page = said(value)
    assert all(": " in line for line in metadata_lines(page))


def test_deep_json_is_passed_over():
    text = '<script type="application/ld+json">' + "[" * 100_000 + "</script><p>x</p>"
    assert describe(parse(text)).items == ()
