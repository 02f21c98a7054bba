"""What a robots.txt says (RFC 9309), read in two ways of which the stricter counts.

Where the standard and the parser that most sites write their files for (Google's) differ, a page is fetched only if
both readings allow it. They differ in whom a group speaks to (the whole product token, or one that contains the group's
name) and in escaped characters (compared much as they are written, or as RFC 9309, 2.2.2 normalises them).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from research.text.urls import parse as parse_url

MAX_LINE: Final = 2_083 * 8 - 1  # bytes of a line that count; Google's parser cuts there
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_BOM: Final = re.compile(rb"^\xef(?:\xbb\xbf?)?")  # a byte-order mark, or as much of one as an editor left
_AGENT_KEYS: Final = ("user-agent", "useragent", "user agent")
_DISALLOW_KEYS: Final = (
    "disallow",
    "dissallow",
    "dissalow",
    "disalow",
    "diasllow",
    "disallaw",
)  # and as often misspelt
_ALLOW_KEYS: Final = ("allow",)
_SITEMAP_KEYS: Final = ("sitemap", "site-map")
_DELAY_KEYS: Final = ("crawl-delay", "crawl delay", "crawldelay")
_KEYS: Final = {
    **dict.fromkeys(_AGENT_KEYS, "agent"),
    **dict.fromkeys(_DISALLOW_KEYS, "disallow"),
    **dict.fromkeys(_ALLOW_KEYS, "allow"),
    **dict.fromkeys(_SITEMAP_KEYS, "sitemap"),
    **dict.fromkeys(_DELAY_KEYS, "delay"),
}
_TOKEN: Final = re.compile(r"[a-z_-]*")  # RFC 9309, 2.2.1: a product token's characters
_ESCAPED: Final = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT: Final = _UNRESERVED | frozenset("%/?:@!&'()+,;=[]#|\\^")  # beside `*` and `$`, which patterns give a meaning
_UNSAFE: Final = re.compile(
    r"[ \"<>`{}~]|%7[Ee]"
)  # what browsers escape in a path, and the tilde of old specifications


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line: `pattern` as written, `plain` as normalised; the longer one that matches wins, and allow a tie."""

    allow: bool
    pattern: str
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The rules that follow some user-agent lines, whose values are `agents` in lower case."""

    agents: tuple[str, ...]
    rules: tuple[Rule, ...]
    delay: float = 0.0

    @property
    def is_for_all(self) -> bool:
        """Whether one of its lines says `*`."""
        return any(agent == "*" or agent.startswith(("* ", "*\t")) for agent in self.agents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file says to one robot: the rules by its whole token, those by any name within it, and the pause in
    seconds (the longer one, 0 where none is asked)."""

    by_token: tuple[Rule, ...]
    by_name: tuple[Rule, ...]
    delay: float

    def allows(self, url: str) -> bool:
        """Whether both readings let the address be fetched; robots.txt itself is always allowed."""
        plain = _normalised_path(url)
        if plain.partition("?")[0] == "/robots.txt":
            return True
        if not _allows(((rule.allow, rule.pattern) for rule in self.by_token), _written_path(url)):
            return False
        return _allows(((rule.allow, rule.plain) for rule in self.by_name), plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """A parsed file."""

    groups: tuple[Group, ...] = ()
    sitemaps: tuple[str, ...] = ()

    @property
    def agents(self) -> frozenset[str]:
        """The robots that the file names, in lower case."""
        return frozenset(name for group in self.groups for agent in group.agents for name in _names(agent) if name)

    def reading(self, robot: str) -> Reading:
        """What the file says to that robot: the groups that name it, those for all where none does."""
        name = robot.strip().lower()
        for_all = tuple(group for group in self.groups if group.is_for_all)
        by_token = [g for g in self.groups if name and any(name in _names(agent) for agent in g.agents)] or for_all
        closest = max((_closeness(agent, name) for group in self.groups for agent in group.agents), default=0)
        by_name = [
            g for g in self.groups if closest and any(_closeness(a, name) == closest for a in g.agents)
        ] or for_all
        return Reading(
            by_token=tuple(rule for group in by_token for rule in group.rules),
            by_name=tuple(rule for group in by_name for rule in group.rules),
            delay=max((group.delay for group in (*by_token, *by_name)), default=0.0),
        )

    def can_fetch(self, url: str, robot: str) -> bool:
        """Whether that robot may fetch the address."""
        return self.reading(robot).allows(url)

    def crawl_delay(self, robot: str) -> float:
        """The seconds that the file asks of that robot between requests; 0 where it asks none."""
        return self.reading(robot).delay


def parse(body: bytes) -> RobotsFile:
    """The file as far as it can be understood; never raises."""
    groups: list[Group] = []
    sitemaps: list[str] = []
    agents: list[str] = []
    rules: list[Rule] = []
    delay = 0.0
    open_to_agents = True  # until a rule follows, further user-agent lines join the group
    for key, value in _lines(body):
        if key == "sitemap":
            sitemaps.append(value)
        elif key == "agent":
            if not open_to_agents:
                groups.append(Group(agents=tuple(agents), rules=tuple(rules), delay=delay))
                agents, rules, delay = [], [], 0.0
                open_to_agents = True
            agents.append(value.lower())
        elif key == "delay" and agents:
            delay = _seconds(value) or delay
        elif key in ("allow", "disallow") and agents:
            open_to_agents = False
            rules += _rules(value, allow=key == "allow")
    groups.append(Group(agents=tuple(agents), rules=tuple(rules), delay=delay))
    return RobotsFile(groups=tuple(groups), sitemaps=tuple(dict.fromkeys(sitemaps)))


def _lines(body: bytes) -> Iterator[tuple[str, str]]:
    """The known keys with their values, comments and spaces apart."""
    for line in _LINE_END.split(_BOM.sub(b"", body)):
        text = line[:MAX_LINE].decode("utf-8", "replace").partition("#")[0].strip(" \t\x0b\x0c\0")
        pair = _pair(text) if text else None
        if pair is not None:
            yield pair


def _pair(text: str) -> tuple[str, str] | None:
    """Key and value of a line, parted by a colon or, as many write it, by a space only."""
    before, colon, after = text.partition(":")
    key = _key(before.strip().lower()) if colon else None
    if key is not None:
        return key, after.strip()
    for known, kind in _KEYS.items():
        if text[: len(known)].lower() == known and text[len(known) :][:1].isspace():
            return kind, text[len(known) :].strip()
    return None


def _key(text: str) -> str | None:
    """The kind of a key; what only begins with a known one counts as it, as it does for Google."""
    return _KEYS.get(text) or next((kind for known, kind in _KEYS.items() if text.startswith(known)), None)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        return 0.0
    return seconds if 0.0 <= seconds < float("inf") else 0.0


def _rules(value: str, *, allow: bool) -> list[Rule]:
    """A line's rule. A directory's index page that is allowed allows the directory, as Google has it; what is not
    allowed is not allowed either where its last `$` or its lack of a first slash was meant otherwise."""
    if not value:
        return []
    rules = [Rule(allow=allow, pattern=_written(value), plain=_plain_pattern(value))]
    folder, slash, page = value.rpartition("/")
    if allow and slash and page.startswith("index.htm"):
        rules += _rules(f"{folder}/$", allow=True)
    if not allow and value.endswith("$"):
        rules += _rules(f"{value[:-1]}%24", allow=False)
    if not allow and value[0] not in "/*$":
        rules += _rules(f"/{value}", allow=False)
    return rules


def _plain_pattern(value: str) -> str:
    """A pattern as normalised; its stars and its last `$` keep their meaning, any other `$` is a character."""
    body, end = (value[:-1], "$") if value.endswith("$") else (value, "")
    return "*".join(_normalise(part) for part in body.split("*")) + end


def _names(agent: str) -> tuple[str, str]:
    """The product token at the start of a user-agent line's value, and its first word without a version."""
    token = _TOKEN.match(agent)
    return (token[0] if token else ""), next(iter(agent.split()), "").partition("/")[0]


def _closeness(agent: str, robot: str) -> int:
    """How many characters of a robot's name a user-agent line's value is, from where a word begins; 0 where it is none
    of it."""
    names = {name for name in (_names(agent)[1], agent.replace("*", "").strip()) if name.strip("*")}
    return max(
        (len(name) for name in names if re.search(rf"(?<![\w-]){re.escape(name)}(?![a-z0-9])", robot)), default=0
    )


def _allows(rules: Iterable[tuple[bool, str]], path: str) -> bool:
    """RFC 9309, 2.2.2: the longest pattern that matches decides, and allow where two are as long."""
    longest = {True: -1, False: -1}
    for allow, pattern in rules:
        if len(pattern) > longest[allow] and matches(pattern, path):
            longest[allow] = len(pattern)
    return longest[False] <= longest[True]


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern with `*` for anything and `$` for the end fits the path's beginning; in linear passes, since a
    regular expression of a stranger's stars need not end."""
    anchored = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    if not parts:
        return not anchored or place == len(path)
    last = parts.pop()
    for part in parts:
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    if anchored:
        return len(path) - len(last) >= place and path.endswith(last)
    return path.find(last, place) >= 0


def _written_path(url: str) -> str:
    """Path and query of an address much as they stand there, from a slash on; `/` where there is none."""
    start = 2 if url.startswith("//") else 0
    scheme = url.find("://", start)
    early = _first_of(url, "/?;", start)
    start = scheme + 3 if 0 <= scheme <= early else start
    begin = _first_of(url, "/?;", start)
    fragment = url.find("#", start)
    end = len(url) if fragment < 0 else fragment
    if begin >= end:
        return "/"
    path = url[begin:end] if url[begin] == "/" else "/" + url[begin:end]
    return _ESCAPED.sub(lambda match: match[0].upper(), _UNSAFE.sub(lambda match: _escape(match[0]), path))


def _written(value: str) -> str:
    """A pattern with what is not ASCII escaped, and every escape in capitals."""
    written = "".join(char if char.isascii() else _escape(char) for char in value)
    return _ESCAPED.sub(lambda match: match[0].upper(), _UNSAFE.sub(lambda match: _escape(match[0]), written))


def _first_of(text: str, chars: str, start: int) -> int:
    return min((place for char in chars if (place := text.find(char, start)) >= 0), default=len(text))


def _normalised_path(url: str) -> str:
    parsed = parse_url(url)
    return _normalise(f"{parsed.pathname}{parsed.search}" if parsed else _written_path(url))


def _normalise(text: str) -> str:
    """Escapes of unreserved characters undone, all else that must be escaped escaped, in capitals (RFC 9309, 2.2.2)."""
    plain = _ESCAPED.sub(lambda match: _unescaped(match[1]), text)
    return "".join(char if char in _KEPT else _escape(char) for char in plain)


def _unescaped(digits: str) -> str:
    char = chr(int(digits, 16))
    return char if char in _UNRESERVED else f"%{digits.upper()}"


def _escape(char: str) -> str:
    """A character's bytes in percent-encoding; what is that already stays."""
    if len(char) == 3:
        return char.upper()
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
