"""What the tagger of pages sees of each token."""

from __future__ import annotations

from research.analyse.page_lines import Line, Page, Token, squash
from research.analyse.page_words import cities


def features(page: Page) -> list[tuple[list[str], list[list[str]]]]:
    """For each line its features, and those of each of its tokens."""
    lines = page.lines
    out = []
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        after = lines[at + 1] if at + 1 < len(lines) else None
        shared = _shared(page, line, before, after)
        spans = _spans(page, line)
        out.append((shared, [_of(page, line, i, spans) for i in range(len(line.tokens))]))
    return out


def _spans(page: Page, line: Line) -> list[list[str]]:
    """For each token the names of the page's owner and the cities that it is part of."""
    tokens = line.tokens
    marks: list[list[str]] = [[] for _ in tokens]
    squashed = [squash(t.text) for t in tokens]
    known = cities()
    for i in range(len(tokens)):
        if not squashed[i]:
            continue
        whole = ""
        for j in range(i, min(i + 9, len(tokens))):
            whole += squashed[j]
            if not squashed[j]:
                continue
            if whole in page.names:
                _mark(marks, page.names[whole], i, j)
            if j < i + 4 and tokens[i].text[0].isupper() and " ".join(squashed[i : j + 1]) in known:
                _mark(marks, "Y", i, j)
    return marks


def _mark(marks: list[list[str]], name: str, i: int, j: int) -> None:
    for k in range(i, j + 1):
        marks[k].append(("B" if k == i else "I") + name)
        if k == j:
            marks[k].append("E" + name)


def _shared(page: Page, line: Line, before: Line | None, after: Line | None) -> list[str]:
    passage = line.block.passage
    role = passage.role if passage.main else "~" + passage.role
    out = [f"R={role}", *(f"L={m}" for m in line.marks), *(f"RL={role} {m}" for m in line.marks if m[0] == "n")]
    if before is not None:
        same = "s" if before.block is line.block else "d"
        out += [f"P{same}={m}" for m in before.marks]
    if after is not None:
        same = "s" if after.block is line.block else "d"
        out += [f"N{same}={m}" for m in after.marks]
    if passage.heading_path:
        out += [f"H={w}" for w in passage.heading_path[-1].lower().split()[:8]]
    out += [f"K={k}" for k in page.kind]
    return out


def _of(page: Page, line: Line, i: int, spans: list[list[str]]) -> list[str]:
    tokens = line.tokens
    t = tokens[i]
    n = len(tokens)
    out = ["1", f"w={t.low}", f"s={t.shape}", f"m={t.model}", f"suf={t.low[-3:]}", f"pre={t.low[:3]}", f"wm={t.low} {t.model}"]
    marks = t.marks or ("-",)
    out += [f"l={m}" for m in marks]
    out += [f"ls={m} {t.shape}" for m in marks]
    out += [f"lm={m} {t.model}" for m in marks]
    for d in (-3, -2, -1, 1, 2, 3):
        j = i + d
        if not 0 <= j < n:
            out.append(f"{d}=edge")
            continue
        o = tokens[j]
        out.append(f"{d}s={o.shape}")
        if abs(d) < 3:
            out.append(f"{d}w={o.low}")
            out.append(f"{d}m={o.model}")
        out += [f"{d}l={m}" for m in o.marks]
    p = tokens[i - 1] if i else None
    q = tokens[i + 1] if i + 1 < n else None
    ps, qs = (p.shape if p else "<"), (q.shape if q else ">")
    out.append(f"sss={ps} {t.shape} {qs}")
    out.append(f"ps={ps} {t.shape}")
    out.append(f"qs={t.shape} {qs}")
    out.append(f"pw={p.low if p else '<'} {t.shape}")
    out.append(f"qw={t.shape} {q.low if q else '>'}")
    out.append(f"pww={p.low if p else '<'} {t.low}")
    out.append(f"ll={'+'.join(p.marks) if p else '<'} {'+'.join(marks)} {'+'.join(q.marks) if q else '>'}")
    out.append(f"pos={min(i, 4)}")
    out.append(f"end={min(n - 1 - i, 4)}")
    out += [f"n={m}" for m in spans[i]]
    out += [f"nm={m} {t.model}" for m in spans[i]]
    if i:
        out += [f"-1n={m}" for m in spans[i - 1] if m[0] == "E"]
    if q is not None:
        out += [f"1n={m}" for m in spans[i + 1] if m[0] == "B"]
    out += _document(page, t)
    return out


def _document(page: Page, t: Token) -> list[str]:
    out = []
    if t.text[0].isalpha():
        if t.low in page.title:
            out.append("title")
            out.append(f"titles={t.shape}")
        if len(t.low) > 2 and t.low in page.owner:
            out.append("owner")
            out.append(f"owners={t.shape}")
        if t.low in page.holders:
            out.append("holder")
        if len(t.low) > 2 and t.low in page.mailboxes:
            out.append("mailbox")
        up, lo = page.upper.get(t.low, 0), page.lower.get(t.low, 0)
        out.append(f"up={min(up, 5)}")
        out.append(f"lo={min(lo, 2)}")
        if t.text[0].isupper():
            out.append(f"v={page.votes.get(t.low, '')}")
    return out
