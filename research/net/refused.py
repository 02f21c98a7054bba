"""The one way in which a fetch ends without an answer."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - it is as often ours to refuse as theirs
    """A request that is not carried out, or an answer that is not read; the message is the reason for the user."""


class Unreachable(Refused):
    """No answer could be had: no such host, no connection, no TLS, or silence."""
