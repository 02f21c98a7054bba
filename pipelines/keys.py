"""The keys of services: from the environment, or from the system's keyring; the one door to both.

A key is looked up when it is sent, goes into one header of one request to its own service, and is kept nowhere.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from typing import Final
from urllib.parse import quote

from research.errors import UsageError
from research.model.capture import Fetched, Skipped

SERVICE: Final = "account-dossier"  # under which the keyring holds the keys, each by the name of its service
_SOUND: Final = re.compile(r"[!-~]{1,500}")  # goes into a header: visible ASCII (RFC 9110, 5.5)
_LEAST: Final = 6  # characters; a shorter key is found in any text by chance


def variable_of(name: str) -> str:
    """The environment variable of a service's key."""
    return f"DOSSIER_KEY_{name.upper()}"


def how_to_set(name: str) -> str:
    """What a user does to give a key."""
    return f"set {variable_of(name)} in the environment, or run `keyring set {SERVICE} {name}`"


def key_for(name: str) -> str:
    """The user's key for a service, empty where there is none; UsageError, without it, where it cannot be sent."""
    key = (os.environ.get(variable_of(name)) or _from_keyring(name)).strip()
    if key and not _SOUND.fullmatch(key):
        raise UsageError(f"the key for {name} is not 1 to 500 visible ASCII characters: {how_to_set(name)}")
    return key


def without_key(answer: Fetched | Skipped, key: str) -> Fetched | Skipped:
    """An answer, or the reason why nothing of it is kept: the service repeats the key that was sent to it."""
    if len(key) < _LEAST:
        return answer
    forms = _forms(key)
    if isinstance(answer, Skipped):
        told = any(form in answer.reason or form in answer.url for form in forms)
        return Skipped(url="", reason="no answer: the reason repeats the key") if told else answer
    head = "\n".join((answer.url, answer.final_url, answer.media_type, answer.etag or "", answer.last_modified or ""))
    if any(form in head or form.encode() in answer.body for form in forms):
        return Skipped(url=answer.url, reason="the answer repeats the key that was sent, so nothing of it is kept")
    return answer


def _forms(key: str) -> tuple[str, ...]:
    """A key as it may come back: bare, in an address, in JSON, and in base64 with the colon of RFC 7617 or without."""
    plain, basic = b64encode(key.encode()).decode().rstrip("="), b64encode(f"{key}:".encode()).decode().rstrip("=")
    return tuple(dict.fromkeys((key, quote(key, safe=""), key.replace("/", "\\/"), plain, basic)))


def _from_keyring(name: str) -> str:
    try:
        import keyring
        import keyring.errors
    except ImportError:  # the extra `keyring` is not installed
        return ""
    try:
        return keyring.get_password(SERVICE, name) or ""
    except keyring.errors.NoKeyringError:  # a machine without one
        return ""
    except keyring.errors.KeyringError as error:
        raise UsageError(
            f"the keyring cannot be read ({type(error).__name__}): unlock it, or set {variable_of(name)}"
        ) from None
