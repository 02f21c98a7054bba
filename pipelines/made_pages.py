"""Made-up pages of small firms with their labels, to teach what the labelled pages are too few to show.

Layouts of staff lists, cards, signatures and contacts are filled with names and titles from word lists. None of these
pages measures anything.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

from research.analyse.naming import given_names
from research.analyse.page_words import cities, page_titles, page_words, surnames
from research.analyse.patterns import role_words

_SLOT: Final = re.compile(r"\{(\w+)\}")
_KINDS: Final = {
    "name": "person", "name2": "person", "first": "person", "mister": "person", "initial": "person", "title": "role",
    "post": "role", "firm": "company", "other": "company", "city": "place", "street": "street",
}  # fmt: skip
_DEGREES: Final = (
    "Senior",
    "Senior",
    "Assistant",
    "Associate",
    "Executive",
    "Regional",
    "Deputy",
    "Lead",
    "General",
    "Chief",
)
_LEADS: Final = (
    "Vice President", "Vice President", "Senior Vice President", "Director", "Director", "Manager", "Head", "VP",
    "Executive Vice President", "Coordinator", "Associate Director",
)  # fmt: skip
_RANKS: Final = (
    "Manager", "Director", "Coordinator", "Specialist", "Assistant", "Representative", "Supervisor",
)  # fmt: skip
_QUOTES: Final = ("“{}”", "'{}'", '"{}"', "({})")
_OFFICERS: Final = (
    "CEO", "CFO", "COO", "CTO", "Chief Executive Officer", "Chief Financial Officer", "Chief Operating Officer",
    "Chief Technology Officer", "Chief Marketing Officer", "President", "Founder", "Co-Founder", "Owner", "Partner",
    "Managing Partner", "Managing Director", "General Manager", "Chairman", "Treasurer", "Secretary", "Principal",
    "Office Manager", "Sales Manager", "General Counsel", "Executive Director", "Vice President",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page as bytes of HTML, and its labelled strings by kind."""

    html: bytes
    gold: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    first: str
    last: str
    title: str


@cache
def _parts() -> Mapping[str, tuple[str, ...]]:
    text = (files("corpora") / "lexicons" / "made_pages.toml").read_text(encoding="utf-8")
    return {key: tuple(values) for key, values in tomllib.loads(text).items()}


@cache
def _lists() -> Mapping[str, tuple[str, ...]]:
    """Sorted word lists, so that a seed gives the same page everywhere."""
    titles = page_titles()
    heads = titles["heads"] | {head for head in role_words()["heads"] if " " not in head and head != "geschäftsführer"}
    return {
        "given": tuple(sorted(given_names())),
        "sur": tuple(sorted(surnames())),
        "city": tuple(sorted(cities())),
        "state": tuple(sorted(page_words()["state_codes"])),
        "heads": tuple(sorted(head for head in heads if len(head) > 4)),
        "before": tuple(sorted(titles["before"] | role_words()["premodifiers"])),
        "functions": tuple(sorted(titles["functions"])),
        "credentials": tuple(sorted(titles["credentials"])),
    }


def make_page(seed: int) -> MadePage:
    """The page of a seed; the same seed gives the same page."""
    rng = Random(seed)  # noqa: S311 (a page of examples, no secret)
    page = _Page(rng)
    body = [page.fill(part) for part in _plan(rng)]
    html = f"<html><head><title>{page.title}</title></head><body>{''.join(body)}</body></html>"
    return MadePage(html=html.encode(), gold={kind: tuple(texts) for kind, texts in page.gold.items()})


def _plan(rng: Random) -> list[str]:
    """The parts of a page as templates, top to bottom."""
    parts = _parts()
    menu = "".join(f"<li><a href='#'>{word}</a></li>" for word in rng.sample(parts["menu"], rng.randint(4, 9)))
    plan = [f"<div class='header'><h1>{{firm}}</h1><ul>{menu}</ul></div>"]
    plan += ["<p>{sentence} {sentence}</p>"] * rng.randint(0, 3)
    if rng.random() < 0.8:
        plan += [f"<h2>{rng.choice(parts['headings'])}</h2>", _cards(rng)]
        if rng.random() < 0.2:
            plan += [f"<h2>{rng.choice(parts['headings'])}</h2>", _cards(rng)]
    if rng.random() < 0.35:
        plan += ["<ul>" + "<li>{goods}</li>" * rng.randint(3, 9) + "</ul>"]
    if rng.random() < 0.12:
        entry = rng.choice(parts["vacancies"])
        plan += [f"<h3>{rng.choice(parts['vacant'])}</h3><ul>{entry * rng.randint(2, 8)}</ul>"]
    if rng.random() < 0.35:
        plan += ["<h3>Testimonials</h3>", *_testimonials(rng)]
    if rng.random() < 0.5:
        plan += rng.sample(parts["lines"], rng.randint(1, 3))
    plan += ["<p>{sentence}</p>"] * rng.randint(0, 2)
    if rng.random() < 0.7:
        plan += ["<div class='contact'><p>{firm}<br>{street}<br>{city}, {state} {zip}<br>Phone: {phone}</p></div>"]
    return [*plan, "<div class='footer'><p>© {year} {firm}. All rights reserved.</p></div>"]


def _cards(rng: Random) -> str:
    around, entry = rng.choice(_parts()["cards"]).split("|", 1)
    return f"<{around}>{'{next}'.join(['', *[entry] * rng.choice((1, 2, 3, 4, 5, 6, 8, 12))])}</{around}>"


def _testimonials(rng: Random) -> list[str]:
    sign = rng.choice(_parts()["signed"])
    return [f"{{next}}<p>“{{praise}} {{praise}}”</p>{sign}"] * rng.randint(1, 5)


class _Page:
    """What is drawn once for a page, its person of the moment, and the labels of what was filled in."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.gold: dict[str, list[str]] = defaultdict(list)
        self.firm = _firm(rng)
        self.style = rng.choice(("plain",) * 12 + ("middle", "middle", "honorific", "upper", "initial"))
        self.upper = rng.random() < 0.04
        self.person = self._person()
        about = rng.choice(_parts()[rng.choice(("headings", "titles"))])
        self.title = rng.choice((f"{about} | {self.firm}", f"{self.firm} - {about}", self.firm))

    def fill(self, template: str) -> str:
        """A template with all its slots filled, labels noted."""
        out, at = [], 0
        for slot in _SLOT.finditer(template):
            out += [template[at : slot.start()], self._slot(slot[1])]
            at = slot.end()
        return "".join((*out, template[at:]))

    def _slot(self, name: str) -> str:
        nested = {
            "bio": "bios",
            "deed": "deeds",
            "praise": "praise",
            "sentence": "sentences",
            "quotation": "quotations",
        }
        if name in nested:
            return self.fill(self.rng.choice(_parts()[nested[name]]))
        if name == "next":
            self.person = self._person()
            return ""
        if name == "a_post":
            post = self._value("post").lower()
            self.gold["role"].append(post)
            return f"{'an' if post[0] in 'aeiou' else 'a'} {post}"
        value = self._value(name)
        if name in _KINDS:
            self.gold[_KINDS[name]].append(value)
        return value

    def _value(self, name: str) -> str:
        rng, person = self.rng, self.person
        values: dict[str, Callable[[], str]] = {
            "name": lambda: person.name,
            "name2": lambda: self._person().name,
            "first": lambda: person.first,
            "mister": lambda: f"{rng.choice(('Mr.', 'Ms.', 'Dr.'))} {person.last}",
            "initial": lambda: f"{person.first} {person.last[0]}.",
            "title": lambda: person.title,
            "post": lambda: _post(rng),
            "vacancy": lambda: _title(rng),
            "town": lambda: rng.choice(_lists()["city"]).title(),
            "firm": lambda: self.firm,
            "other": lambda: _firm(rng),
            "city": lambda: rng.choice(_lists()["city"]).title(),
            "street": lambda: f"{rng.randint(1, 9999)} {_surname(rng)} {rng.choice(_parts()['street_ends'])}",
            "state": lambda: rng.choice(_lists()["state"]),
            "zip": lambda: f"{rng.randint(10000, 99999)}",
            "phone": lambda: f"({rng.randint(201, 989)}) 555-{rng.randint(1000, 9999)}",
            "mail": lambda: f"{person.first.lower()}@{re.sub(r'[^a-z]', '', self.firm.lower())}.example",
            "ext": lambda: str(rng.randint(10, 499)),
            "money": lambda: f"${rng.randint(30, 300)},{rng.randint(100, 999)}",
            "year": lambda: str(rng.randint(1950, 2014)),
            "few": lambda: str(rng.randint(3, 40)),
            "date": lambda: (
                f"{rng.choice(('May', 'June', 'March', 'October'))} {rng.randint(1, 28)}, {rng.randint(2005, 2014)}"
            ),
            "credential": lambda: rng.choice(_lists()["credentials"]),
            "heading": lambda: rng.choice(_parts()["headings"]),
            "goods": lambda: f"{rng.choice(_parts()['goods_first'])} {rng.choice(_parts()['goods_last'])}",
        }
        return values[name]()

    def _person(self) -> _Person:
        rng = self.rng
        first = _blend(rng, _lists()["given"], 0.15)
        last = _surname(rng)
        if rng.random() < 0.04:
            last = f"{last}-{_surname(rng)}"
        title = _title(rng)
        name = _in_style(rng, self.style if rng.random() < 0.8 else "plain", first, last)
        if self.upper:
            name, title = name.upper(), title.upper()
        return _Person(name=name, first=first, last=last, title=title)


def _in_style(rng: Random, style: str, first: str, last: str) -> str:
    if style == "middle":
        return f"{first} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
    if style == "honorific":
        return f"Dr. {first} {last}"
    if style == "initial":
        return f"{first[0]}. {last}" if rng.random() < 0.5 else f"{first[0]}.{last[0]}. {last}"
    if style == "upper":
        return f"{first} {last}".upper()
    odd = rng.random()
    if odd < 0.02:
        return f"{first} {last}, {rng.choice(('Jr.', 'III', 'Sr.'))}"
    if odd < 0.04:
        return f"{first} {rng.choice(_lists()['given']).title()} {last}"
    if odd < 0.05:
        return f"{first} {rng.choice(_QUOTES).format(rng.choice(_lists()['given']).title())} {last}"
    if odd < 0.065:
        return f"{first[0]}{rng.choice(('', '.'))} {rng.choice(_lists()['given']).title()} {last}"
    return f"{first} {last}"


def _blend(rng: Random, words: Sequence[str], share: float) -> str:
    """A word of a list or, in a share of cases, one that stands in none: half of one and half of another."""
    word = rng.choice(words)
    if rng.random() < share:
        other = rng.choice(words)
        word = word[: max(2, len(word) // 2)] + other[len(other) // 2 :]
    return word[:2].title() + word[2:] if not word.startswith("mc") else "Mc" + word[2:].title()


def _surname(rng: Random) -> str:
    return _blend(rng, _lists()["sur"], 0.35)


def _firm(rng: Random) -> str:
    parts = _parts()
    first = rng.choice((_surname(rng), rng.choice(parts["firm_middles"]), rng.choice(_lists()["city"]).title()))
    middle = rng.choice(("", "", rng.choice(parts["firm_middles"]) + " "))
    return f"{first} {middle}{rng.choice(parts['firm_ends'])}"


def _post(rng: Random) -> str:
    """A title as it stands in a sentence."""
    title = _title(rng)
    return title.lower() if rng.random() < 0.4 and not title.isupper() else title


def _title(rng: Random) -> str:
    """A job title: an officer's, a rank with a function, a trade, or two of them."""
    lists = _lists()
    draw = rng.random()
    head = rng.choice(lists["heads"]).title()
    function = rng.choice(lists["functions"])
    if draw < 0.2:
        title = rng.choice(_OFFICERS)
    elif draw < 0.42:
        title = f"{rng.choice(_LEADS)}{rng.choice((' of ', ', ', ' of ', ' - ', ' '))}{function}"
    elif draw < 0.52:
        title = f"{function} {rng.choice(_RANKS)}"
    elif draw < 0.7:
        title = head
    else:
        title = f"{rng.choice(lists['before']).title()} {head}"
    if rng.random() < 0.12:
        title = f"{rng.choice(_DEGREES)} {title}"
    if rng.random() < 0.1:
        title = f"{title}{rng.choice((' and ', '/', ' & ', ', '))}{rng.choice(_OFFICERS)}"
    return title
