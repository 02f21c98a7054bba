"""From status, headers and raw chunks to a whole answer; the live web and captured traffic are read by one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from research.model.capture import Fetched, Request
from research.net import media
from research.net.blocked import interstitial, refusal_of_status
from research.net.refused import Excessive, Refused
from research.net.settings import NetSettings
from research.text.inflate import ENCODINGS, InflateError, Inflater

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_MARK = 512  # characters of an ETag that is sent back; those in use have under 100, servers refuse headers of 8 KB
_ERROR_BYTES = 256 << 10  # of an error page, enough to tell a gatekeeper's from a plain one


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer, its body still raw: `chunks` hold the content-encoded bytes."""

    url: str
    at: str
    status: int
    header: Callable[[str], str]
    chunks: Iterable[bytes]


def read_answer(answer: Answer, request: Request, settings: NetSettings) -> Fetched:
    """The decoded answer; raises Refused for an error status, a block page, an unread type or a body out of bounds."""
    if answer.status == 304 and (request.etag or request.last_modified):
        return _fetched(answer, request, media_type="", charset=None, body=b"")
    partial = answer.status == 206 and request.range is not None
    if answer.status not in (200, 203) and not partial:
        raise Refused(refusal_of_status(answer.status, _error_body(answer), answer.header("cf-mitigated")))
    media_type, charset = media.declared(answer.header("content-type"))
    media.check(media_type, request.origin)
    body = read_body(answer, media.limit(media_type, request.origin, settings))
    media_type = media.settle(media_type, body)
    media.check(media_type, request.origin)
    if not body.strip():
        raise Refused("the answer is empty")
    blocked = interstitial(body) if media_type == media.HTML else None
    if blocked:
        raise Refused(blocked)
    return _fetched(answer, request, media_type=media_type, charset=charset, body=body)


def read_body(answer: Answer, limit: int, *, cut: bool = False) -> bytes:
    """The body without its content encoding; beyond `limit` bytes Refused, or only its start with `cut`."""
    try:
        inflater = Inflater(_encoding(answer.header("content-encoding")), limit, cut=cut)
        for chunk in _bounded(answer.chunks, limit, cut=cut):
            inflater.feed(chunk)
            if inflater.full:
                break
        return inflater.finish()
    except InflateError as error:
        raise Excessive(f"the body is not read: {error}") from None


def _bounded(chunks: Iterable[bytes], limit: int, *, cut: bool) -> Iterator[bytes]:
    taken = 0
    for chunk in chunks:
        taken += len(chunk)
        if taken > limit + len(chunk) and not cut:
            raise InflateError(f"larger than {limit >> 20} MB")
        yield chunk


def _encoding(header: str) -> str:
    layers = [layer for layer in (part.strip().lower() for part in header.split(",")) if layer not in ("", "identity")]
    if len(layers) > 1:
        raise Excessive("the body is compressed more than once")
    if layers and layers[0] not in ENCODINGS:
        raise Excessive(f"the content encoding {layers[0][:40]} is not read")
    return layers[0] if layers else ""


def _error_body(answer: Answer) -> bytes:
    try:
        return read_body(answer, _ERROR_BYTES, cut=True)
    except Refused:
        return b""  # the status is the reason; what the error page says cannot add to it


def _fetched(answer: Answer, request: Request, *, media_type: str, charset: str | None, body: bytes) -> Fetched:
    return Fetched(
        url=request.url,
        final_url=answer.url,
        fetched_at=answer.at,
        status=answer.status,
        media_type=media_type,
        body=body,
        charset=charset,
        etag=_to_send_back(answer.header("etag")),
        last_modified=_to_send_back(answer.header("last-modified")),
    )


def _to_send_back(value: str) -> str | None:
    """A mark by which the page may be asked for again, None for one that no request can carry: the page would never be
    had a second time."""
    return value if 0 < len(value) <= MAX_MARK and value.isascii() and value.isprintable() else None
