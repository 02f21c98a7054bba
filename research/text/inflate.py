"""Compressed bytes, inflated within a bound: a bomb costs no more memory than the limit."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Final

_STEP = 1 << 20  # bytes inflated at a time, so that one small chunk never becomes a large buffer
MAX_RATIO: Final = 200  # decoded to encoded bytes: zeros inflate 1,030-fold (deflate) and more, markup 5- to 100-fold
_RATIO_FROM: Final = 8 << 20  # decoded bytes, below which the ratio does not matter
_GZIP_MAGIC = b"\x1f\x8b"
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate", "br"})


class InflateError(Exception):
    """The bytes are no such compression, are cut off, or inflate beyond the limit; the message says which."""


class Inflater:
    """Takes chunks of a body in one of ENCODINGS and holds at most `limit` decoded bytes.

    With `cut`, whatever goes beyond the limit is left out instead of being an error (robots.txt is read so).
    """

    def __init__(self, encoding: str, limit: int, *, cut: bool = False) -> None:
        self._steps = _decoder(encoding)
        self._limit = limit
        self._cut = cut
        self._body = bytearray()
        self._taken = 0
        self.full = False

    def feed(self, data: bytes) -> None:
        """Adds a chunk; raises InflateError where it is damaged, or inflates beyond the limit or MAX_RATIO."""
        self._taken += len(data)
        for piece in self._steps(data):
            if len(self._body) > max(_RATIO_FROM, self._taken * MAX_RATIO):
                raise InflateError(f"inflates more than {MAX_RATIO}-fold")
            room = self._limit - len(self._body)
            self._body += piece[:room]
            if len(piece) > room:
                self.full = True
                if self._cut:
                    return
                raise InflateError(f"larger than {_size(self._limit)}")

    def finish(self) -> bytes:
        """The whole body; raises InflateError where the compressed stream was cut off."""
        if not self.full:
            self.feed(b"")
            if self._steps is not _plain and not getattr(self._steps, "complete", True):
                raise InflateError("the compressed body is cut off")
        return bytes(self._body)


def gunzip(data: bytes, limit: int) -> bytes:
    """`data` without its gzip layer, or as it is where it has none; at most `limit` bytes, else InflateError."""
    inflater = Inflater("gzip", limit)
    inflater.feed(data)
    return inflater.finish()


def _size(limit: int) -> str:
    return f"{limit >> 20} MB" if limit >= 1 << 20 else f"{limit >> 10} KB" if limit >= 1 << 10 else f"{limit} bytes"


def _decoder(encoding: str) -> Callable[[bytes], Iterator[bytes]]:
    if encoding in ("gzip", "x-gzip"):
        return _Zlib(_is_gzip, 31, None)
    if encoding == "deflate":
        return _Zlib(_is_zlib, 15, -15)
    if encoding == "br":
        return _Brotli()
    if encoding in ("", "identity"):
        return _plain
    raise InflateError(f"unknown content encoding {encoding[:40]!r}")


def _plain(data: bytes) -> Iterator[bytes]:
    yield data


def _is_gzip(head: bytes) -> bool:
    return head.startswith(_GZIP_MAGIC)


def _is_zlib(head: bytes) -> bool:
    return head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0


class _Zlib:
    """gzip of any number of members, or deflate with and without its zlib header; servers send all of these.

    A body that only claims to be gzip is handed on as it is, as archives often hold it decoded already.
    """

    def __init__(self, matches: Callable[[bytes], bool], bits: int, otherwise: int | None) -> None:
        self._matches = matches
        self._bits = bits
        self._otherwise = otherwise
        self._head = b""
        self._engine: zlib._Decompress | None = None
        self._raw = False

    @property
    def complete(self) -> bool:
        """Whether the stream ended where it says that it does."""
        return self._raw or (self._engine is not None and self._engine.eof) or not (self._engine or self._head)

    def __call__(self, data: bytes) -> Iterator[bytes]:
        if self._engine is None and not self._raw:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, b""
            self._open(data)
        if self._raw:
            yield data
        else:
            yield from self._inflate(data)

    def _open(self, head: bytes) -> None:
        bits = self._bits if self._matches(head) else self._otherwise
        self._raw = bits is None
        self._engine = None if bits is None else zlib.decompressobj(bits)

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        pending = bool(data)
        while pending and self._engine is not None:
            if self._engine.eof:
                if not data.startswith(_GZIP_MAGIC):
                    return  # what follows the last member is padding
                self._engine = zlib.decompressobj(self._bits)
            try:
                piece = self._engine.decompress(data, _STEP)
            except zlib.error:
                raise InflateError("the compressed body is damaged") from None
            data = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail
            pending = bool(data) or (len(piece) == _STEP and not self._engine.eof)
            yield piece


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._failure = brotli.error
        self._engine = brotli.Decompressor()
        self._fed = False

    @property
    def complete(self) -> bool:
        """Whether the stream ended where it says that it does."""
        return not self._fed or bool(self._engine.is_finished())

    def __call__(self, data: bytes) -> Iterator[bytes]:
        self._fed = self._fed or bool(data)
        try:
            if data and not self._engine.is_finished():
                yield self._engine.process(data, output_buffer_limit=_STEP)
            while not self._engine.can_accept_more_data() and not self._engine.is_finished():
                yield self._engine.process(b"", output_buffer_limit=_STEP)
        except self._failure:
            raise InflateError("the compressed body is damaged") from None
