"""Decisions of robots.txt in files of our own: what RFC 9309 and the parser that most sites test with agree upon, and
where they part the stricter of the two."""

from __future__ import annotations

from typing import Final

# The file, the robot, the addresses (on one made-up host) that it may fetch and those that it may not.
Case = tuple[str, str, str, str]
HOST: Final = "http://pumps.example"
_LONG: Final = "/x/" + "a" * (16_664 - 3 - 10 + 1 - 3)

CASES: Final[tuple[Case, ...]] = (
    ("", "Heron", "/ /a", ""),
    ("user-agent: Heron\ndisallow: /\n", "", "/", ""),
    ("user-agent: Heron\ndisallow: /\n", "Heron", "", "/ /a/b /?q"),
    ("user-agent Heron\ndisallow /\n", "Heron", "", "/ /a"),  # a space for a colon
    ("foo: Heron\nbar: /\n", "Heron", "/ /a", ""),
    ("USER-AGENT: Heron\nDISALLOW: /\nALLOW: /a/\n", "heron", "/a/b", "/ /b"),
    ("User-Agent: HERON\nDisallow: /a\n", "hErOn", "/b /A", "/a /ab"),
    ("User-agent: Heron/2.1\nDisallow: /a\n", "Heron", "/b", "/a"),
    ("User-agent: Heron Grey\nDisallow: /a\n", "Heron", "/b", "/a"),
    ("User-agent: *\nDisallow: /\nUser-agent: Heron Grey\nAllow: /a\nDisallow: /\n", "Heron", "/a", "/b"),
    ("User-agent: *\nDisallow: /\nUser-agent: Heron Grey\nAllow: /a\nDisallow: /\n", "Heron Grey", "", "/a /b"),
    ("User-agent: * grey\nDisallow: /a\n", "Heron", "/b", "/a"),
    ("User-agent: *grey\nDisallow: /a\n", "Heron", "/a /b", ""),
    # groups: lines without one are nobody's, those that follow one another are one, those that name a robot twice add up
    ("allow: /a\nuser-agent: Heron\ndisallow: /\n", "Heron", "", "/a /b"),
    ("user-agent: Heron\ndisallow: /\nuser-agent: Stork\ndisallow: /a\n", "Stork", "/b", "/a"),
    ("user-agent: Heron\nuser-agent: Stork\ndisallow: /a\n", "Heron", "/b", "/a"),
    ("user-agent: Heron\n\n\nuser-agent: Stork\ndisallow: /a\n", "Heron", "/b", "/a"),
    ("user-agent: Heron\nallow: /z\ndisallow: /\nuser-agent: Stork\nallow: /y\nuser-agent: Heron\nallow: /x\n", "Heron", "/x /z", "/y /b"),
    ("user-agent: Stork\nSitemap: http://pumps.example/s.xml\nuser-agent: *\ndisallow: /\n", "Stork", "", "/a"),
    ("user-agent: Stork\nUnheard-of: thing\nuser-agent: *\ndisallow: /\n", "Stork", "", "/a"),
    ("user-agent: Stork\nCrawl-delay: 3\nuser-agent: Crane\ndisallow: /a\n", "Stork", "/b", "/a"),
    ("user-agent: *\ndisallow: /a\nuser-agent: Heron\ndisallow: /b\n", "Heron", "/a", "/b"),
    ("user-agent: *\ndisallow: /\nuser-agent: Heron\n", "Heron", "/a", ""),
    ("user-agent: *\ndisallow: /\nuser-agent: Heron\ndisallow:\n", "Heron", "/a", ""),
    ("user-agent: Heron\ndisallow:\nuser-agent: Stork\ndisallow: /\n", "Heron", "/a", ""),
    # spelling
    ("user-agent: Heron\ndisalow: /a\n", "Heron", "/b", "/a"),
    ("useragent: Heron\ndissallow: /a\n", "Heron", "/b", "/a"),
    ("user agent: Heron\ndiasllow: /a\n", "Heron", "/b", "/a"),
    ("\t user-agent :  Heron \t\n  disallow  :  /a  \t# a remark\n", "Heron", "/b", "/a"),
    ("user-agent: Heron\rdisallow: /a\r", "Heron", "/b", "/a"),
    ("user-agent: Heron\r\ndisallow: /a\r\n", "Heron", "/b", "/a"),
    ("user-agent: Heron\n# disallow: /b\ndisallow: /a#b\n", "Heron", "/b", "/a /ab"),
    ("user-agent: Heron\ndisallow: /a\ndisallow", "Heron", "/b", "/a"),
    # the longest pattern wins, and allow a tie
    ("user-agent: Heron\ndisallow: /x/page.html\nallow: /x/\n", "Heron", "/x/ /x/page", "/x/page.html"),
    ("user-agent: Heron\nallow: /x/page.html\ndisallow: /x/\n", "Heron", "/x/page.html", "/x/ /x/page"),
    ("user-agent: Heron\ndisallow: /x\nallow: /x\n", "Heron", "/x", ""),
    ("user-agent: Heron\ndisallow: \nallow: \n", "Heron", "/x", ""),
    ("user-agent: Heron\ndisallow: /\nallow: /\n", "Heron", "/x", ""),
    ("user-agent: Heron\ndisallow: /x/\nallow: /x\n", "Heron", "/x", "/x/ /x/y"),
    ("user-agent: Heron\ndisallow: /x/page.html\nallow: /x/page.html\n", "Heron", "/x/page.html", ""),
    ("user-agent: Heron\nallow: /page\ndisallow: /*.html\n", "Heron", "/page", "/page.html"),
    ("user-agent: Heron\nallow: /x/page.\ndisallow: /*.html\n", "Heron", "/x/page.html", "/x/y.html"),
    ("user-agent: Heron\nallow: /$\ndisallow: /\n", "Heron", "/", "/page"),
    ("user-agent: Heron\nallow: /p\ndisallow: /\n", "Heron", "/page /p", "/x"),
    # stars and the end
    ("user-agent: Heron\ndisallow: /\nallow: /fish*\n", "Heron", "/fish /fish.html /fishheads/a?id=b", "/Fish /catfish /x"),
    ("user-agent: Heron\ndisallow: /\nallow: /fish/\n", "Heron", "/fish/ /fish/a?id=b", "/fish /fish.html /animals/fish/"),
    ("user-agent: Heron\ndisallow: /\nallow: /*.php\n", "Heron", "/a.php /d/a.php?p /d/a.php/", "/ /windows.PHP"),
    ("user-agent: Heron\ndisallow: /\nallow: /*.php$\n", "Heron", "/a.php /d/a.php", "/a.php?p /a.php/ /a.php5"),
    ("user-agent: Heron\ndisallow: /\nallow: /fish*.php\n", "Heron", "/fish.php /fisheads/cat.php?p", "/Fish.PHP /fish"),
    ("user-agent: Heron\ndisallow: /foo/bar$\nallow: /foo/bar/qux\n", "Heron", "/foo/bar/qux /foo/bar/ /foo/bar/x", "/foo/bar"),
    ("user-agent: Heron\ndisallow: /foo/bar/quz\nallow: /foo/*/qux\n", "Heron", "/foo/bar/qux /foo/ /foo/bar", "/foo/bar/quz"),
    ("user-agent: Heron\ndisallow: *a\n", "Heron", "/b", "/a /ba"),
    ("user-agent: Heron\ndisallow: /*/*/*/*/*x$\n", "Heron", "/a/b", "/1/2/3/4/5/x"),
    # a directory's index page
    ("user-agent: *\nallow: /d/index.html\ndisallow: /\n", "Heron", "/d/ /d/index.html", "/d/index.htm /d/x /x"),
    ("user-agent: *\nallow: /d/index.htm\ndisallow: /\n", "Heron", "/d/ /d/index.html", "/d/x"),
    # characters: an allowance counts as it is written, a prohibition in every spelling
    ("user-agent: Heron\ndisallow: /\nallow: /a?u=http://b.example\n", "Heron", "/a?u=http://b.example&c", "/a?c&u=http://b.example"),
    ("user-agent: Heron\ndisallow: /\nallow: /a/ü\n", "Heron", "/a/%C3%BC", "/a/ü"),
    ("user-agent: Heron\ndisallow: /\nallow: /a/%C3%BC\n", "Heron", "/a/%C3%BC", "/a/ü"),
    ("user-agent: Heron\ndisallow: /\nallow: /a/%62%61%7a\n", "Heron", "/a/%62%61%7A", "/a/baz"),
    ("user-agent: Heron\ndisallow: /a/%62%61%7a\n", "Heron", "/b", "/a/%62%61%7A /a/baz"),
    ("user-agent: Heron\ndisallow: /a/ü\n", "Heron", "/b", "/a/%C3%BC /a/%c3%bc /a/ü"),
    ("user-agent: Heron\ndisallow: /a%24\n", "Heron", "/a", "/a$ /a%24b"),
    # a byte-order mark, a line of more than any address
    ("\ufeffuser-agent: Heron\ndisallow: /a\n", "Heron", "/b", "/a"),
    (f"user-agent: Heron\ndisallow: {_LONG}aaa/qux\n", "Heron", "/fux", f"{_LONG}aaa/fux"),
    ("user-agent: Heron\ndisallow: /robots.txt\ndisallow: /a\n", "Heron", "/robots.txt", "/a"),
)  # fmt: skip
