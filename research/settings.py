"""What a user sets once, in `settings.toml` of the home folder."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from research.errors import DossierError, UsageError

FILE_NAME: Final = "settings.toml"
DEFAULT_USER_AGENT: Final = "AccountDossier/0.1"

# Both go into a header of every request: visible ASCII and spaces only (RFC 9110, 5.5).
_HeaderText = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[ -~]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NlpSettings(_Strict):
    """`model`: the spaCy package or folder to use; None takes the best one that is installed."""

    model: Annotated[str, Field(min_length=1)] | None = None


class Settings(_Strict):
    """The settings with their defaults; `contact` is an address or page where a site's owner can reach the user,
    `sources` the kinds that `--sources` would name, `drafter` a command that words sections (see
    docs/security/parsing.md); without it, templates do. `sites_at_once` sites of a refresh are
    read side by side; what a killed run had read of more than one is asked for again. Keys of services have no place in
    a file."""

    contact: _HeaderText | None = None
    user_agent: _HeaderText = DEFAULT_USER_AGENT
    delay_seconds: Annotated[float, Field(ge=0, le=60, strict=False)] = 1.0
    max_pages: Annotated[int, Field(ge=1, le=10_000)] = 200
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    sites_at_once: Annotated[int, Field(ge=1, le=64)] = 1
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    sources: _HeaderText | None = None
    nlp: NlpSettings = NlpSettings()
    drafter: Annotated[tuple[str, ...], Field(min_length=1, max_length=50, strict=False)] | None = None


def load_settings(home: Path) -> Settings:
    """The settings of `home`, the defaults where it has none; UsageError with the key and the remedy on any mistake."""
    path = home / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise DossierError(f"{path}: cannot be read ({error.strerror}): check its permissions") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text: save it again as UTF-8") from error
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is no valid TOML: {error}") from error
    except ValidationError as error:
        raise UsageError(f"{path}: {_complaint(error)}") from None  # pydantic's own words quote what was written there


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if key.partition(".")[0] == "keys":
        return (
            "keys are not kept in files: take [keys] out, and set DOSSIER_KEY_NAME in the environment or run "
            "`keyring set account-dossier NAME`, with the name of the service in the place of NAME"
        )
    if first["type"] != "extra_forbidden":
        return f"{key}: {first['msg'][:1].lower()}{first['msg'][1:]}"
    model = NlpSettings if first["loc"][0] == "nlp" and len(first["loc"]) > 1 else Settings
    return f"unknown key {key!r}: the keys here are {', '.join(model.model_fields)}"
