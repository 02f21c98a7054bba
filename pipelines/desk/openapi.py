"""The API's document, made from the same list as its routes: what is not described here is not served."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.desk.guard import TOKEN_HEADER

VERSION: Final = "1"
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_ERRORS: Final = {
    "400": "The request could not be read.",
    "403": "No token, another origin, or nobody named.",
    "404": "There is no such thing.",
    "409": "Somebody else decided meanwhile, or the key was used for something else.",
    "422": "What was asked for does not fit.",
    "503": "The store cannot be read or written now.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that the API does; `body` is what a write takes, `query` names parameters with their schema."""

    path: str
    summary: str
    handler: Callable[[Request], Response]
    answers: str
    method: str = "GET"
    status: int = 200
    body: type[BaseModel] | None = None
    text: str = ""  # the media type of a body that is no JSON object
    query: tuple[tuple[str, dict[str, Any]], ...] = ()
    errors: tuple[str, ...] = ("404",)


def as_routes(operations: Sequence[Operation]) -> list[Route]:
    """The routes of the operations."""
    return [Route(one.path, one.handler, methods=[one.method]) for one in operations]


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the operations."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {"Error": _error()}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _described(one)
        if one.body is not None:
            schemas[one.body.__name__] = one.body.model_json_schema()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Account Dossier, the desk",
            "version": VERSION,
            "description": "Served to this computer only. A write needs the desk's token (it stands in every form of "
            f"the desk) in the header {TOKEN_HEADER}, and a key of its own, so that sending it again changes nothing.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": TOKEN_HEADER}},
        },
    }


def _described(one: Operation) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _PARAMETER.findall(one.path)
    ]
    parameters += [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in one.query]
    answers = {str(one.status): {"description": one.answers, "content": {"application/json": {"schema": {}}}}}
    codes = one.errors if one.method == "GET" else tuple(dict.fromkeys((*one.errors, "400", "403", "409", "422")))
    for code in (*codes, "503"):
        schema = {"$ref": "#/components/schemas/Error"}
        answers[code] = {"description": _ERRORS[code], "content": {"application/json": {"schema": schema}}}
    described: dict[str, Any] = {"summary": one.summary, "responses": answers}
    if parameters:
        described["parameters"] = parameters
    if one.method != "GET":
        described["security"] = [{"token": []}]
    if one.body is not None:
        schema = {"$ref": f"#/components/schemas/{one.body.__name__}"}
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if one.text:
        described["requestBody"] = {"required": True, "content": {one.text: {"schema": {"type": "string"}}}}
    return described


def _error() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["error", "status"],
        "properties": {"error": {"type": "string"}, "status": {"type": "integer"}},
    }
