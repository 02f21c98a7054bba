"""The plan for a site: what comes first, what is left out, and where it ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from research.collect.rank import Candidate, Frontier, kind_of
from research.collect.scope import canonical, language_of, page_key, site_of, unread
from research.collect.site import MAX_REPEATS, MAX_VARIANTS, SitePlan
from research.model.capture import Fetched, Request

HOME = "https://www.example.com/"


def spelled(url: str) -> str:
    """Words that differ between addresses which differ in a number only."""
    return "".join("abcdefghij"[int(char)] if char.isdigit() else char for char in url)


def page(
    url: str, *hrefs: str, head: str = "", words: str = "", media_type: str = "text/html", final_url: str | None = None
) -> Fetched:
    links = "".join(f"<a href='{href}'>{href}</a>" for href in hrefs)
    body = f"<html lang=en><head>{head}</head><body>{words or spelled(url)}{links}</body></html>".encode()
    return Fetched(url=url, final_url=final_url or url, fetched_at="", status=200, media_type=media_type, body=body)


def planned(*hrefs: str, max_pages: int = 1000, head: str = "", start: str = HOME) -> SitePlan:
    """A plan whose home page links to `hrefs`."""
    plan = SitePlan(start, max_pages=max_pages)
    request = plan.next()
    assert request is not None
    assert plan.follow(request, page(request.url, *hrefs, head=head)) is None
    return plan


def rest(plan: SitePlan) -> list[str]:
    """What the plan asks for when every further page comes without links."""
    asked: list[str] = []
    while (request := plan.next()) is not None:
        asked.append(request.url)
        plan.follow(request, page(request.url))
    return asked


def reasons(plan: SitePlan) -> dict[str, str]:
    return {skipped.url: skipped.reason for skipped in plan.finish()}


def test_the_pages_that_a_brief_needs_come_first():
    names = [
        "blog/a",
        "blog/b",
        "legal/terms",
        "about",
        "press-releases/2019/x",
        "press-releases/2025/y",
        "leadership",
        "products/pump",
        "careers/",
    ]
    asked = rest(planned(*(f"/{name}" for name in names)))
    order = [url.removeprefix(HOME) for url in asked]
    assert order[:3] == ["about", "leadership", "press-releases/2025/y"]
    assert order[-1] == "legal/terms"
    assert order.index("press-releases/2025/y") < order.index("press-releases/2019/x")
    assert order.index("products/pump") < order.index("blog/a")


def test_no_kind_of_page_fills_the_budget_alone():
    hrefs = (
        [f"/press-releases/{n}" for n in range(300)]
        + [f"/products/{n}" for n in range(300)]
        + [f"/blog/{n}" for n in range(300)]
    )
    kinds = Counter(kind_of(url) for url in rest(planned(*hrefs, max_pages=101)))
    assert sum(kinds.values()) == 100
    assert kinds["press_release"] > kinds["product"] > kinds["blog"] > 5


def test_the_budget_holds_and_the_rest_is_listed():
    plan = planned(*(f"/products/{n}" for n in range(80)), max_pages=11)
    assert len(rest(plan)) == 10
    left = plan.finish()
    assert {skipped.reason for skipped in left} == {
        "beyond the page budget of 11 (--max-pages)",
        "20 more addresses: beyond the page budget of 11 (--max-pages)",
    }


def test_a_site_of_errors_ends_as_well():
    plan = planned(*(f"/products/{n}" for n in range(500)), max_pages=10)
    asked = 0
    while plan.next() is not None:
        asked += 1
    assert asked < 50


def test_one_address_is_asked_for_once_however_it_is_written():
    plan = planned(
        "/about",
        "/about/",
        "about/index.html",
        "http://example.com/about#team",
        "/about?utm_source=x",
        "//www.example.com/about",
    )
    assert rest(plan) == ["https://www.example.com/about"]


def test_other_sites_and_assets_are_not_the_sites_pages():
    plan = planned(
        "https://twitter.com/example", "/logo.png", "/app.js", "mailto:a@example.com", "https://example.org/"
    )
    assert rest(plan) == []
    assert reasons(plan) == {}


def test_subdomains_of_the_company_but_not_its_help_desk():
    plan = planned(
        "https://ir.example.com/",
        "https://careers.example.com/jobs",
        "https://help.example.com/a",
        "https://help.example.com/b",
    )
    assert sorted(rest(plan)) == ["https://careers.example.com/jobs", "https://ir.example.com/"]
    assert reasons(plan) == {"https://help.example.com/a": "the subdomain help.example.com is not read"}


@pytest.mark.parametrize(
    ("href", "why"),
    [
        ("/a/" * 25, "levels"),
        ("/x/y/x/y/x/y/x", "repeats itself"),
        ("/" + "p" * 2100, "longer than"),
        ("/events/month/2031-05", "calendar"),
        ("/events?tribe-bar-date=2031-05-01", "calendar"),
        ("/products?a=1&b=2&c=3&d=4&e=5", "filters"),
        ("/login", "personal"),
        ("/deck.pptx", "pptx are not read"),
    ],
)
def test_traps_are_named_and_not_entered(href, why):
    plan = planned(href)
    assert rest(plan) == []
    assert why in " ".join(reasons(plan).values())


def test_endless_variants_of_one_page_end():
    plan = planned(*(f"/list?offset={n}" for n in range(100)))
    assert len(rest(plan)) == MAX_VARIANTS
    assert any("too many variants" in reason for reason in reasons(plan).values())


def test_a_folder_whose_pages_say_the_same_is_left():
    plan = planned(*(f"/archive/{n}" for n in range(60)))
    asked: list[str] = []
    while (request := plan.next()) is not None:
        asked.append(request.url)
        plan.follow(request, page(request.url, f"/archive/{len(asked) + 100}", words=f"Nothing on day {len(asked)}"))
    assert len(asked) == MAX_REPEATS
    assert "repeat one another" in " ".join(reasons(plan).values())


def test_other_languages_are_listed_not_read():
    plan = planned(
        "/de/ueber-uns",
        "/fr-ca/a",
        "https://jp.example.com/x",
        "/it/services",
        "/about",
        head="<link rel=alternate hreflang=es href=/espanol>",
    )
    assert sorted(rest(plan)) == ["https://www.example.com/about", "https://www.example.com/it/services"]
    assert set(reasons(plan).values()) == {
        "another language (de)",
        "another language (fr)",
        "another language (ja)",
        "another language (es)",
    }


def test_a_german_site_is_read_in_german():
    plan = SitePlan("https://example.de/", max_pages=10)
    request = plan.next()
    plan.follow(
        request,
        Fetched(
            url=request.url,
            final_url=request.url,
            fetched_at="",
            status=200,
            media_type="text/html",
            body=b"<html lang=de-DE><a href=/de/firma>F</a><a href=/en/company>C</a>",
        ),
    )
    assert rest(plan) == ["https://example.de/de/firma"]
    assert reasons(plan) == {"https://example.de/en/company": "another language (en)"}


def test_a_wished_language_is_read_on_a_site_that_begins_in_another():
    plan = SitePlan("https://example.de/", max_pages=10, language="en")
    request = plan.next()
    plan.follow(request, replace(page(request.url), body=b"<html lang=de><a href=/de/firma>F</a><a href=/en/us>C</a>"))
    assert rest(plan) == ["https://example.de/en/us"]


def test_the_site_moves_with_its_home_page():
    plan = SitePlan("http://old.example/", max_pages=10)
    request = plan.next()
    assert plan.follow(request, page(request.url, "/about", final_url="https://new.example/")) is None
    assert rest(plan) == ["https://new.example/about"]


def test_pages_that_lead_elsewhere_or_to_the_same_place_are_not_kept():
    plan = planned("/a", "/b", "/c")
    said = []
    for final in ("https://jobs.elsewhere.example/", "https://www.example.com/z", "https://www.example.com/z"):
        request = plan.next()
        said.append(plan.follow(request, page(request.url, final_url=final)))
    assert said == [
        "redirects to another site (jobs.elsewhere.example)",
        None,
        "the same page as https://www.example.com/z, which is read already",
    ]


def answer(plan: SitePlan, request: Request, body: bytes) -> str | None:
    return plan.follow(
        request,
        Fetched(
            url=request.url, final_url=request.url, fetched_at="", status=200, media_type="application/xml", body=body
        ),
    )


def test_sitemaps_and_feeds_go_before_pages_and_give_addresses():
    plan = planned("/about", head="<link rel=alternate type=application/rss+xml href=/feed>")
    plan.add_sitemaps(("https://www.example.com/map.xml", "http://127.0.0.1:9/map.xml"))
    rss = b"<rss version='2.0'><channel><item><link>https://www.example.com/news/n1</link></item></channel></rss>"
    index = (
        b"<sitemapindex><sitemap><loc>https://www.example.com/2.xml</loc></sitemap>"
        b"<sitemap><loc>http://127.0.0.1:9/2.xml</loc></sitemap></sitemapindex>"
    )
    pages = (
        b"<urlset><url><loc>https://www.example.com/products/p1</loc></url>"
        b"<url><loc>http://127.0.0.1:9/canary</loc></url></urlset>"
    )
    asked: list[tuple[str, str]] = []
    for body in (rss, index, pages):
        request = plan.next()
        asked.append((request.url.removeprefix(HOME), request.origin))
        assert answer(plan, request, body) == ""
    assert asked == [("feed", "feed"), ("map.xml", "sitemap"), ("2.xml", "sitemap")]
    assert sorted(rest(plan)) == [HOME + "about", HOME + "news/n1", HOME + "products/p1"]


def test_a_site_without_sitemaps_is_asked_for_the_usual_one():
    plan = planned()
    plan.add_sitemaps(())
    assert plan.next() == Request(url="https://www.example.com/sitemap.xml", origin="usual sitemap")


def test_endless_sitemaps_end():
    plan = planned()
    plan.add_sitemaps(("https://www.example.com/0.xml",))
    read = 0
    while (request := plan.next()) is not None:
        read += 1
        more = "".join(f"<sitemap><loc>https://www.example.com/{read}-{n}.xml</loc></sitemap>" for n in range(5))
        answer(plan, request, f"<sitemapindex>{more}</sitemapindex>".encode())
    assert read <= 100
    assert "more sitemaps than" in " ".join(reasons(plan).values())


def test_reports_go_before_other_pdfs():
    assert kind_of("https://example.com/files/Annual-Report-2024.pdf") == "report"
    assert kind_of("https://example.com/files/x.pdf", "Q3 2024 results") == "report"
    assert kind_of("https://example.com/files/manual.pdf") == "pdf"


def test_the_same_pages_in_the_same_order_every_time():
    hrefs = [f"/{kind}/{n}" for n in range(30) for kind in ("products", "blog", "careers", "news")]
    assert rest(planned(*hrefs, max_pages=40)) == rest(planned(*hrefs, max_pages=40))


def test_the_frontier_takes_news_by_date():
    frontier = Frontier()
    for number, dated in enumerate(("2019-05-06", "", "2025-01-01", "2024-12-31")):
        frontier.push(Candidate(url=f"https://example.com/{number}", kind="press_release", depth=1, dated=dated))
    order = [frontier.pop()[1].url[-1] for _ in range(4)]
    assert order == ["2", "3", "0", "1"]
    assert frontier.pop() is None


def test_spellings_of_addresses():
    assert (
        canonical("https://Example.com:443/a;jsessionid=12?b=2&a=1&utm_source=z#f") == "https://example.com/a?a=1&b=2"
    )
    assert page_key("http://www.example.com/a/index.php") == page_key("https://example.com/a/")
    assert page_key("https://example.com/a?b=1") != page_key("https://example.com/a?b=2")
    assert site_of("http://127.0.0.1:8000/x") == "127.0.0.1:8000" != site_of("http://127.0.0.1:8001/x")
    assert site_of("https://ir.example.co.uk/") == "example.co.uk"
    assert [
        language_of(f"https://example.com{path}") for path in ("/de/x", "/en-us/", "/products/de", "/uk/", "/pt_BR/")
    ] == ["de", "en", None, None, "pt"]
    assert unread("https://example.com/about") is None
