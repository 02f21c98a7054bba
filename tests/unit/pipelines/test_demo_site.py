"""The sample company: its pages, its report, its known truth, and the server that plays the web for it."""

from __future__ import annotations

import html
import http.client
import importlib.util
import json
import re
import socket
import sys
import threading
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import pypdfium2
import pytest
from lxml import etree
from lxml import html as lxml_html

from pipelines.demo import REPLACED, file_name, sample_folder, serve_sample
from research.errors import DossierError, UsageError

SAMPLE = Path(str(sample_folder()))
SITE = SAMPLE / "site"
REPORT = SITE / "investors" / "annual-report-2025.pdf"
INTERNAL = "internal/partner-price-list.html"
TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
RELEASES = [page for page in PAGES if page.startswith("newsroom/press-releases/")]
FIELDS = re.compile("legal_name|founded|headquarters|employees|revenue|net_income|industry|ticker|parent|ownership")
EVENTS = re.compile(
    "founded|acquisition|divestiture|merger|funding|ipo|expansion|leadership|layoff|launch|restructuring|results|"
    "shutdown|award|partnership|contract|other"
)


@cache
def source(page: str) -> str:
    return (SITE / page).read_text(encoding="utf-8")


@cache
def visible_text(page: str) -> str:
    """The page as a reader sees it, with single spaces: no head, comments, or hidden blocks; one space a block."""
    text = re.sub(r"(?s)<head>.*?</head>|<!--.*?-->|<div style=\"display:none\">.*?</div>", " ", source(page))
    text = re.sub(r"</?(?:a|b|strong|em|span|time)\b[^>]*>", "", text)
    return folded(html.unescape(re.sub(r"<[^>]+>", " ", text)))


@cache
def report_text() -> str:
    pages = pypdfium2.PdfDocument(REPORT)
    texts = [page.get_textpage().get_text_range() for page in pages]
    # Running heads and page numbers stand between two pages of one chapter.
    return folded(" ".join(re.sub(r"^Kelvarn Controls, Inc\. +Annual Report 2025|\d+\s*$", "", text) for text in texts))


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def text_at(url: str) -> str:
    return report_text() if url.endswith(".pdf") else visible_text(str(file_name(url)))


def main_words(page: str) -> int:
    body = lxml_html.fromstring(source(page)).xpath("//main|//div[@class='wrap']")
    return max(len(" ".join(element.itertext()).split()) for element in body)


def links(page: str) -> set[str]:
    """The site's own files that a page links or loads."""
    tree = lxml_html.fromstring(source(page).replace("{{ORIGIN}}", "http://site"))
    found = set()
    for target in tree.xpath("//@href|//@src"):
        parts = urlsplit(urljoin(f"http://site/{page}", target))
        if parts.netloc == "site":
            found.add(str(file_name(parts.path)))
    return found


def evidence(node: object) -> list[dict[str, str]]:
    """Every {url, quote} of the truth, wherever it stands."""
    if isinstance(node, list):
        return [item for child in node for item in evidence(child)]
    if not isinstance(node, dict):
        return []
    own = [node] if {"url", "quote"} <= node.keys() else []
    return own + [item for child in node.values() for item in evidence(child)]


def ask(origin: str, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=5)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


# The pages


def test_there_are_enough_pages_and_each_is_of_a_readable_length():
    assert len(PAGES) >= 25
    lengths = {page: main_words(page) for page in PAGES if page != "404.html"}
    assert {page: n for page, n in lengths.items() if not 150 <= n <= 600} == {}


def test_every_internal_link_leads_to_a_file():
    missing = {(page, target) for page in PAGES for target in links(page) if not (SITE / target).is_file()}
    assert missing == set()


def test_every_page_is_reached_from_the_home_page():
    seen, waiting = set(), ["index.html"]
    while waiting:
        page = waiting.pop()
        if page not in seen and page.endswith(".html"):
            seen.add(page)
            waiting.extend(links(page))
    assert set(PAGES) - seen == {"404.html"}


def test_pages_load_nothing_from_elsewhere():
    for page in PAGES:
        tree = lxml_html.fromstring(source(page))
        loaded = tree.xpath("//link[@rel='stylesheet' or @rel='icon']/@href|//img/@src|//script/@src|//iframe/@src")
        assert [target for target in loaded if not target.startswith("/assets/")] == []


def test_structured_data_is_well_formed_and_names_the_company():
    kinds = Counter()
    for page in PAGES:
        for script in lxml_html.fromstring(source(page)).xpath("//script[@type='application/ld+json']/text()"):
            kinds[json.loads(script)["@type"]] += 1
    assert kinds["Organization"] == 1
    assert kinds["NewsArticle"] == len(RELEASES) >= 3
    assert kinds["JobPosting"] >= 2


@pytest.mark.parametrize("page", RELEASES)
def test_releases_carry_dateline_quote_boilerplate_and_press_contact(page):
    text = visible_text(page)
    dateline = re.search(r"[A-Z ]{6,}, \w+\., (\w+ \d{1,2}, 20\d\d) – ", text)
    assert dateline is not None
    published = lxml_html.fromstring(source(page)).xpath("string(//meta[@property='article:published_time']/@content)")
    assert published == page.split("/")[-1][:10]
    assert re.search(r"“[^”]+” said [A-Z]\w+ [A-Z][\w-]+, ", text)
    assert "About Kelvarn Kelvarn Controls, Inc. (NASDAQ: KLVN)" in text
    assert "+1 616 555 0177 press@kelvarn.example" in text


def test_one_page_is_german_and_says_so():
    german = [page for page in PAGES if 'lang="de">' in source(page).split("<head>")[0]]
    assert german == ["de/index.html"]
    assert all(phrase in visible_text("de/index.html") for phrase in TRUTH["never"]["german"]["phrases"])


# The machine-readable files


def test_sitemap_lists_existing_pages_and_not_the_refused_one():
    tree = etree.fromstring((SITE / "sitemap.xml").read_bytes().replace(b"{{ORIGIN}}", b"http://site"))
    paths = [urlsplit(loc).path for loc in tree.xpath("//*[local-name()='loc']/text()")]
    listed = [str(file_name(path)) for path in paths]
    assert [name for name in listed if not (SITE / name).is_file()] == []
    assert set(PAGES) - set(listed) == {"404.html", INTERNAL}


def test_robots_refuses_the_internal_folder_which_a_page_links():
    robots = RobotFileParser()
    robots.parse((SITE / "robots.txt").read_text(encoding="utf-8").splitlines())
    assert not robots.can_fetch("Dossier", f"/{INTERNAL}")
    assert robots.can_fetch("Dossier", "/about/")
    assert [page for page in PAGES if page != INTERNAL and INTERNAL in links(page)] == ["partners/index.html"]


def test_feed_is_found_from_every_page_and_lists_releases_and_posts():
    tree = etree.fromstring((SITE / "feed.xml").read_bytes().replace(b"{{ORIGIN}}", b"http://site"))
    items = {str(file_name(urlsplit(link).path)) for link in tree.xpath("//item/link/text()")}
    posts = {page for page in PAGES if page.startswith("blog/") and page != "blog/index.html"}
    assert items == set(RELEASES) | posts
    for page in PAGES:
        rel = lxml_html.fromstring(source(page)).xpath("//link[@type='application/rss+xml']/@href")
        assert rel == ["/feed.xml"]


# The annual report


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("sample_build_report", SAMPLE / "build_report.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, spec.name, module)  # where a dataclass looks its module up while it is made
        spec.loader.exec_module(module)
        yield module.build


def test_report_has_pages_and_the_words_of_its_source():
    assert len(pypdfium2.PdfDocument(REPORT)) >= 6
    for line in (SAMPLE / "report.md").read_text(encoding="utf-8").splitlines():
        words = folded(re.sub(r"^(#+|-|\|) ", "", line).replace("|", " "))
        assert words in report_text()


def test_report_is_built_alike_each_time_and_the_kept_one_is_current(build):
    text = (SAMPLE / "report.md").read_text(encoding="utf-8")
    first = build(text)
    assert first == build(text)
    rebuilt = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(first)]
    assert rebuilt == [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(REPORT)]


# The truth


def test_every_quote_of_the_truth_stands_in_the_site():
    quotes = evidence(TRUTH)
    assert len(quotes) > 100
    assert [item for item in quotes if item["quote"] not in text_at(item["url"])] == []


def test_truth_uses_the_contract_s_names():
    assert [field for field in TRUTH["profile"] if not FIELDS.fullmatch(field)] == []
    assert len(TRUTH["profile"]) == 10
    assert [event for event in TRUTH["events"] if not EVENTS.fullmatch(event["kind"])] == []
    assert {item["holder"] for item in TRUTH["pains"] + TRUTH["goals"]} == {"account"}
    assert {item["holder"] for item in TRUTH["customers_pains"]} == {"customer"}


def test_profile_values_and_people_stand_in_their_quotes():
    stated = {field: fact for field, fact in TRUTH["profile"].items() if fact is not None and field != "ownership"}
    assert [field for field, fact in stated.items() if fact["value"] not in fact["evidence"]["quote"]] == []
    assert [person for person in TRUTH["people"] if person["name"] not in person["evidence"]["quote"]] == []


def test_competitors_and_traps_are_disjoint_and_the_traps_occur():
    rivals = {name for item in TRUTH["competitors"] for name in (item["name"], *item["accept"])}
    traps = [item["name"] for item in TRUTH["not_competitors"]]
    assert len(TRUTH["competitors"]) >= 3
    assert rivals.isdisjoint(traps)
    everything = " ".join([report_text(), *map(visible_text, PAGES)])
    assert [name for name in traps if name not in everything] == []


def test_the_two_pages_contradict_each_other():
    first, second = TRUTH["contradiction"]["values"]
    for one, other in ((first, second), (second, first)):
        assert one["value"] in one["evidence"]["quote"]
        assert one["value"] not in text_at(other["evidence"]["url"])


def test_canaries_stand_once_and_are_hidden_or_refused():
    for canary in TRUTH["never"]["canaries"]:
        assert (holders := [page for page in PAGES if canary["text"] in source(page)]) == [file_name(canary["where"])]
        assert canary["text"] not in report_text()
        assert (canary["text"] in visible_text(holders[0])) == (holders == [INTERNAL])


def test_seller_s_rivals_are_in_use_at_the_account():
    seller = tomllib.loads((SAMPLE / "seller.toml").read_text(encoding="utf-8"))
    rivals = {rival["name"] for rival in seller["rival"]}
    assert {item["company"] for item in TRUTH["presence"]} | {
        item["company"] for item in TRUTH["not_presence"]
    } == rivals
    assert len(TRUTH["presence"]) >= 2
    assert all(offering["solves"] for offering in seller["offering"])


# The server


@pytest.fixture(scope="module")
def origin():
    with serve_sample() as address:
        yield address


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/about/", "text/html; charset=utf-8"),
        ("/investors/annual-report-2025.pdf", "application/pdf"),
        ("/sitemap.xml", "application/xml"),
        ("/feed.xml", "application/rss+xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/assets/mark.svg", "image/svg+xml"),
    ],
)
def test_files_are_served_whole_with_their_type(origin, path, media_type):
    response, body = ask(origin, path)
    assert (response.status, response.headers["Content-Type"]) == (200, media_type)
    assert len(body) == int(response.headers["Content-Length"]) > 0
    assert b"{{ORIGIN}}" not in body


def test_absolute_addresses_carry_the_origin(origin):
    for path in ("/robots.txt", "/sitemap.xml", "/feed.xml", "/"):
        assert origin.encode() in ask(origin, path)[1]
    assert f"Sitemap: {origin}sitemap.xml" in ask(origin, "/robots.txt")[1].decode()


def test_unchanged_pages_are_not_sent_again(origin):
    response, body = ask(origin, "/about/")
    tag, date = response.headers["ETag"], response.headers["Last-Modified"]
    for condition in ({"If_None_Match": tag}, {"If_None_Match": f'"x", W/{tag}'}, {"If_Modified_Since": date}):
        again, nothing = ask(origin, "/about/", **condition)
        assert (again.status, nothing, again.headers["ETag"]) == (304, b"", tag)
    assert ask(origin, "/about/", If_None_Match='"x"', If_Modified_Since=date)[1] == body
    assert ask(origin, "/about/", If_Modified_Since="yesterday")[0].status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/assets/",
        "/newsroom/press-releases/",
        "/../truth.json",
        "/%2e%2e/truth.json",
        "/..%5ctruth.json",
        "/about//",
    ],
)
def test_what_is_no_page_is_a_404_with_a_page_of_its_own(origin, path):
    response, body = ask(origin, path)
    assert response.status == 404
    assert b"There is nothing in this room" in body
    assert "ETag" not in response.headers


def test_a_folder_without_its_slash_redirects_to_it(origin):
    response, body = ask(origin, "/about")
    assert (response.status, response.headers["Location"], body) == (301, "/about/", b"")


def test_head_says_what_get_would_send(origin):
    response, body = ask(origin, "/about/", method="HEAD")
    assert (response.status, body) == (200, b"")
    assert response.headers["ETag"] == ask(origin, "/about/")[0].headers["ETag"]


def test_an_overlay_changes_one_page_and_no_other():
    changed = (SITE / "about" / "index.html").read_bytes().replace(b"employs 1,480 people", b"employs 1,500 people")
    with serve_sample() as before:
        old = {
            path: ask(before, path)[0].headers["ETag"]
            for path in ("/about/", "/careers/index.html", "/assets/site.css")
        }
        port = urlsplit(before).port
    with serve_sample(overlay={"/about/": changed, "new.txt": b"at {{ORIGIN}}"}, port=port) as after:
        response, body = ask(after, "/about/", If_None_Match=old["/about/"])
        assert response.status == 200
        assert b"employs 1,500 people" in body
        assert response.headers["Last-Modified"] == REPLACED
        for path in ("/careers/index.html", "/assets/site.css"):
            assert ask(after, path, If_None_Match=old[path])[0].status == 304
        assert ask(after, "/new.txt")[1].decode() == f"at {after}".rstrip("/")
    assert b"employs 1,480 people" in (SITE / "about" / "index.html").read_bytes()


def test_requests_are_counted_by_path():
    served = Counter()
    with serve_sample(served=served) as address:
        for path in ("/about/", "/about/?utm_source=x", "/robots.txt", "/nothing"):
            ask(address, path)
    assert served == {"/about/": 2, "/robots.txt": 1, "/nothing": 1}


def test_the_server_ends_with_its_block_even_after_an_error_and_with_a_silent_client():
    threads = threading.active_count()
    with pytest.raises(RuntimeError, match="inside"):
        fail_while_serving(addresses := [])
    assert threading.active_count() == threads
    with pytest.raises(ConnectionRefusedError):
        ask(addresses[0], "/")


def fail_while_serving(addresses: list[str]) -> None:
    with serve_sample() as address:
        addresses.append(address)
        socket.create_connection((urlsplit(address).hostname, urlsplit(address).port)).close()
        raise RuntimeError("inside")


def test_a_taken_port_and_a_path_outside_are_one_line_errors(origin):
    with pytest.raises(DossierError, match="choose another port"), serve_sample(port=urlsplit(origin).port):
        pass
    with pytest.raises(UsageError, match="no path of the sample site"), serve_sample(overlay={"/../x": b""}):
        pass
