"""What becomes of a page's blocks: structure, roles, what is hidden and what is kept beside the main text."""

from __future__ import annotations

import pytest

from research.extract import extract_capture, main_text
from research.model.capture import Skipped

PROSE = (
    "Acme makes robots that sort parcels in the warehouses of the largest carriers of Europe, and it has done so for "
    "twenty years without a single lost parcel. "
)
PAGE = """<html lang="en"><head><title>About us | Acme</title></head><body>
<nav class="menu"><ul><li><a href="/p">Sorter One</a></li><li><a href="/q">Sorter Two</a></li></ul></nav>
<main><h1>About us</h1>{body}</main>
<footer><ul><li><a href="/p">Sorter One</a></li></ul><p>Acme Robotics GmbH</p><p>© 2019 Acme, Inc.</p></footer>
</body></html>"""


def page(body: str) -> str:
    return PAGE.format(body=f"<p>{PROSE}</p>{body}<p>{PROSE}</p>")


def texts(document, role=None):
    return [passage.of(document.text) for passage in document.passages if role in (None, passage.role)]


def passage_of(document, words):
    return next(passage for passage in document.passages if words in passage.of(document.text))


def test_headings_make_the_path_of_what_follows(read):
    document = read(
        page("<h2>History</h2><p>Founded in 1999.</p><h3>Early days</h3><p>A garage.</p><h2>Today</h2><p>Big.</p>")
    )
    assert passage_of(document, "Founded").heading_path == ("About us", "History")
    assert passage_of(document, "A garage").heading_path == ("About us", "History", "Early days")
    assert passage_of(document, "Big.").heading_path == ("About us", "Today")
    assert passage_of(document, "History").role == "heading"


def test_items_rows_terms_and_quotes_have_their_roles(read):
    document = read(
        page(
            "<ul><li>First <b>item</b></li><li><p>Second item</p></li></ul>"
            "<table><tr><th>Year</th><th>Revenue</th></tr><tr><td>2019</td><td>$3 million</td></tr></table>"
            "<dl><dt>Headquarters</dt><dd>Boston</dd></dl><blockquote>It sorts.</blockquote>"
        )
    )
    assert texts(document, "list_item")[:0] == []
    assert {"First item", "Second item"} <= set(texts(document, "list_item"))
    assert texts(document, "table_row") == ["Year | Revenue", "2019 | $3 million", "Headquarters | Boston"]
    assert texts(document, "quote") == ["It sorts."]


def test_a_layout_table_is_no_row(read):
    document = read(
        page(f"<table><tr><td><p>{PROSE}</p><p>{PROSE}</p></td><td><h2>Side</h2><p>{PROSE}</p></td></tr></table>")
    )
    assert texts(document, "table_row") == []
    assert "Side" in texts(document, "heading")


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">SECRET</div>',
        '<div style="visibility: hidden">SECRET</div>',
        "<div hidden>SECRET</div>",
        '<div aria-hidden="true">SECRET</div>',
        '<p style="position:absolute;left:-9999px">SECRET</p>',
        '<p style="font-size:0">SECRET</p>',
        '<p style="font-size:1px">SECRET</p>',
        '<p style="color:#fff;background:#ffffff">SECRET</p>',
        '<p style="width:0;height:0;overflow:hidden">SECRET</p>',
        '<p style="opacity:0">SECRET</p>',
        '<p style="opacity: .01">SECRET</p>',
        '<p style="position:absolute;left:-999em">SECRET</p>',
        '<p style="transform:translateX(-9999px)">SECRET</p>',
        '<p style="position:absolute;width:1px;height:1px;overflow:hidden">SECRET</p>',
        '<p style="color:rgba(0,0,0,0)">SECRET</p>',
        '<p style="color:#fefefe;background:rgb(255, 255, 255)">SECRET</p>',
        '<div style="background:#fff"><p style="color:white">SECRET</p></div>',
        '<table><tr bgcolor="#ffffff"><td style="color:#ffffff">SECRET</td><td>a</td></tr></table>',
        "<!-- SECRET -->",
        "<script>SECRET</script>",
        "<style>SECRET</style>",
        "<template>SECRET</template>",
        "<noscript>SECRET</noscript>",
        '<img alt="SECRET" src="x.png">',
        '<p title="SECRET">shown</p>',
        "<dialog>SECRET</dialog>",
        '<input value="SECRET"><textarea>SECRET</textarea>',
    ],
)
def test_what_the_page_hides_is_no_text(read, hidden):
    assert "SECRET" not in read(page(hidden)).text


@pytest.mark.parametrize(
    "shown",
    [
        '<div class="hidden d-none">SHOWN</div>',
        '<button aria-controls="a1">Why?</button><div id="a1" hidden>SHOWN</div>',
        '<div role="tabpanel" style="display:none">SHOWN</div>',
        '<p style="max-width:0.5em;margin:0;line-height:0.9">SHOWN</p>',
        '<p style="background-color:transparent">SHOWN</p>',
        '<p style="color:#fff">SHOWN</p>',
        '<div style="background:#123"><p style="color:#fff">SHOWN</p></div>',
        '<div style="background:#fff"><div style="background:#000"><p style="color:#fff">SHOWN</p></div></div>',
        '<p style="opacity:0.5">SHOWN</p>',
    ],
)
def test_what_a_reader_can_see_or_open_is_text(read, shown):
    assert "SHOWN" in read(page(shown)).text


def test_navigation_is_kept_once_and_is_no_main_text(read):
    document = read(page(""))
    links = [p for p in document.passages if p.of(document.text) == "Sorter One"]
    assert [(p.main, p.role, p.heading_path) for p in links] == [(False, "list_item", ("navigation",))]
    assert "Sorter Two" in document.text


def test_footer_lines_stay_beside_the_main_text(read):
    document = read(page(""))
    assert "© 2019 Acme, Inc." in texts(document, "footer")
    assert not passage_of(document, "Acme Robotics GmbH").main
    assert "©" not in main_text(document)


def test_cookie_notices_are_dropped(read):
    words = "<p>We use cookies to improve your experience.</p><button>Accept all cookies</button>"
    notice = f'<div id="cookie-consent">{words}</div>'
    assert "cookie" not in read(page("").replace("<footer>", f"{notice}<footer>")).text.lower()


def test_a_persons_name_and_role_are_one_card(read):
    team = "".join(
        f'<div class="member"><h3>{name}</h3><p>{role}</p><p>{name} has led teams in several companies.</p></div>'
        for name, role in (("Jane M. Doe", "Chief Executive Officer"), ("Ben van der Berg", "VP Engineering"))
    )
    document = read(page(f"<h2>Leadership</h2>{team}"))
    assert texts(document, "card") == ["Jane M. Doe\nChief Executive Officer", "Ben van der Berg\nVP Engineering"]
    assert passage_of(document, "Jane M. Doe\n").heading_path == ("About us", "Leadership")


def test_labels_that_look_like_names_are_no_cards(read):
    body = "".join(
        f"<div><h3>{a}</h3><p>{b}</p></div>"
        for a, b in (("Our Team", "Meet the director"), ("Data Cloud", "Lead more"))
    )
    assert texts(read(page(body)), "card") == []


def test_a_heading_after_a_name_is_no_role_of_it(read):
    body = "".join(f"<p>{name}</p><h2>Vice President of Sales</h2><p>{PROSE}</p>" for name in ("Jane Doe", "John Roe"))
    assert texts(read(page(body)), "card") == []


def test_a_contact_block_is_one_passage(read):
    contact = "<div><p>Press contact</p><p>Jane Doe<br>+1 617 555 0123</p><p>press@acme.example</p></div>"
    document = read(page(contact))
    assert texts(document, "contact") == ["Press contact\nJane Doe\n+1 617 555 0123\npress@acme.example"]


def test_an_address_by_line_breaks_is_a_contact(read):
    document = read(page("<p>Acme, Inc.<br>120 Causeway Street<br>Suite 400<br>Boston, MA 02114</p>"))
    assert texts(document, "contact") == ["Acme, Inc.\n120 Causeway Street\nSuite 400\nBoston, MA 02114"]


def test_pieces_that_only_a_tag_parts_are_not_glued(read):
    document = read(
        page("<div><span>Real-time analytics</span><span>Build a pipeline</span></div><p>the i<b>Phone</b> app</p>")
    )
    assert "Real-time analytics Build a pipeline" in document.text
    assert "iPhone" in document.text


def test_title_language_kind_and_metadata(read):
    html = page("").replace(
        "<head>", '<head><meta property="og:site_name" content="Acme"><link rel="canonical" href="../about/">'
    )
    document = read(html)
    assert (document.title, document.language, document.page_type) == ("About us", "en", "about")
    assert document.meta("site_name") == "Acme"
    assert document.meta("canonical") == "https://acme.example/about/"


def test_the_same_page_gives_the_same_document(read):
    assert read(page("<h2>x</h2>")) == read(page("<h2>x</h2>"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<div>" * 600 + b"deep", "nests deeper"),
        (b"<p " + b" ".join(b"a%d=1" % n for n in range(2000)) + b">x</p>", "attributes"),
        (b"<p>x</p>" * 50_001, "blocks of text"),
        (b"<html><body><script>render()</script></body></html>", "shows no text"),
        (b"<p>" + b"x" * 20_000_000, "larger than 20 MB"),
        (b"   ", "empty"),
    ],
    ids=["nesting", "attributes", "blocks", "no-text", "size", "empty"],
)
def test_pages_beyond_a_limit_are_skipped_with_the_reason(captured, body, reason):
    result = extract_capture(captured(), body, account_id="acme")
    assert isinstance(result, Skipped)
    assert reason in result.reason


def test_unclosed_tags_and_broken_markup_are_read(read):
    document = read(f"<p>{PROSE}<p>{PROSE}<table><tr><td>a<td>b</table><b><i>Bold")
    assert document.text.count("twenty years") == 2
    assert "Bold" in document.text
