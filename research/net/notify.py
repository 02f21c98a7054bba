"""The one door to apprise, which sends messages to mail, chat and other services; an optional extra."""

from __future__ import annotations

import logging
import warnings
from typing import Any, Final

from research.errors import DossierError

_TALKATIVE: Final = ("apprise", "urllib3", "requests")  # loggers whose messages name addresses


class Notifier:
    """Sends messages through apprise, which is loaded with the first one."""

    def __init__(self) -> None:
        self._apprise: Any = None

    def send(self, address: str, title: str, body: str) -> str | None:
        """Send one message to an apprise address; None where it was taken, else why it was not.

        The address holds the secrets of the service: it is neither logged nor part of any answer.
        """
        with warnings.catch_warnings():  # apprise loads its services late, some with modules that Python will drop
            warnings.simplefilter("ignore", DeprecationWarning)
            return self._send(address, title, body)

    def _send(self, address: str, title: str, body: str) -> str | None:
        apprise = self._load()
        target = apprise.Apprise()
        if not target.add(address):
            return "apprise does not know an address of this kind: see its list of services"
        if not target.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
            return "the service did not take the message"
        return None

    def _load(self) -> Any:
        if self._apprise is None:
            try:
                import apprise
            except ImportError:
                raise DossierError(
                    "messages need the extra `notify`: install it with pip install 'account-dossier[notify]'"
                ) from None
            for name in _TALKATIVE:
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
            self._apprise = apprise
        return self._apprise
