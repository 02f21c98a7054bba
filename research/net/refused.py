"""The one way in which a fetch ends without an answer."""

from __future__ import annotations

from research.text.visible import visible


class Refused(Exception):  # noqa: N818 - it is as often ours to refuse as theirs
    """A request that is not carried out, or an answer that is not read; the message is the reason for the user, the
    server's words in it spelt out."""

    def __init__(self, reason: str) -> None:
        super().__init__(visible(reason))


class Excessive(Refused):
    """An answer that is not read because its body is too much, damaged or packed in a way that is not undone."""


class Unreachable(Refused):
    """No answer could be had: no such host, no connection, no TLS, or silence.

    `broken` says that the connection broke although the server was there, which may be otherwise a moment later.
    """

    def __init__(self, reason: str, *, broken: bool = False) -> None:
        super().__init__(reason)
        self.broken = broken
