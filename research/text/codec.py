"""The model's dataclasses as JSON and back: typed and strict, so that a damaged row is an error and not a surprise."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from research.errors import DossierError

T = TypeVar("T")
Reader = Callable[[object], object]
_PLAIN: Final = frozenset({str, int, float, bool, NoneType})


class CodecError(DossierError):
    """A value that has no JSON form, or stored JSON that is not of the type that it should be."""


def dumps(value: object) -> str:
    """`value` (dataclasses, tuples, mappings with string keys, plain values) as compact ASCII JSON."""
    try:
        return json.dumps(encode(value), separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise CodecError(f"a {type(value).__name__} cannot be stored: a number in it is not finite") from error


def loads(kind: type[T], text: str) -> T:
    """The value of type `kind` that `dumps` wrote; CodecError where the JSON is broken or of another type."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise CodecError(f"a stored {_name(kind)} is damaged: its JSON does not read") from error
    return decode(kind, data)


def encode(value: object) -> object:
    """`value` as what JSON knows: dataclasses become objects with every field, tuples become lists."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, Mapping) and all(type(key) is str for key in value):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, str | int | float):  # a subclass, such as a numpy float, as the plain value that it stands for
        return next(plain(value) for plain in (str, int, float) if isinstance(value, plain))
    raise CodecError(f"a {type(value).__name__} has no form in the store")


def decode(kind: type[T], data: object) -> T:
    """`data` as a value of type `kind`; CodecError names the place where it is something else."""
    try:
        return cast("T", _reader(cast("Hashable", kind))(data))
    except _MismatchError as error:
        raise CodecError(f"a stored {_name(kind)} is damaged: {error}") from error


class _MismatchError(Exception):
    """Where in a value the type is wrong, and how; the path grows from the inside out."""

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(f"{path.lstrip('.')}: {problem}" if path else problem)
        self.problem, self.path = problem, path

    def within(self, step: str) -> _MismatchError:
        return _MismatchError(self.problem, step + self.path)


def _name(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind).replace("research.model.", "")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _reader(kind: object) -> Reader:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return _plain_reader(frozenset({cast("type", kind)}))
    if origin is Literal:
        return _choice_reader(arguments)
    if origin in (Union, UnionType):
        plain = frozenset(arguments)
        return _plain_reader(plain) if plain <= _PLAIN else _union_reader(tuple(_reader(a) for a in arguments))
    if origin is tuple:
        whole = len(arguments) == 2 and arguments[1] is Ellipsis
        return _sequence_reader(_reader(arguments[0])) if whole else _row_reader(tuple(_reader(a) for a in arguments))
    if origin is dict and arguments[0] is str:
        return _mapping_reader(_reader(arguments[1]))
    if is_dataclass(kind):
        return _object_reader(cast("type", kind))
    raise TypeError(f"the codec does not know {kind}")


def _plain_reader(kinds: frozenset[type]) -> Reader:
    allowed = kinds | {int} if float in kinds else kinds  # JSON writes 2 for a float that was given as 2
    names = " or ".join(sorted(kind.__name__ for kind in kinds))

    def read(data: object) -> object:
        if type(data) not in allowed:
            raise _MismatchError(f"{type(data).__name__} where {names} should be")
        return data

    return read


def _choice_reader(choices: tuple[object, ...]) -> Reader:
    def read(data: object) -> object:
        if not any(data == choice and type(data) is type(choice) for choice in choices):
            raise _MismatchError(f"{data!r:.40} is none of {', '.join(map(str, choices))}")
        return data

    return read


def _union_reader(readers: tuple[Reader, ...]) -> Reader:
    def read(data: object) -> object:
        problems = []
        for reader in readers:
            try:
                return reader(data)
            except _MismatchError as error:
                problems.append(str(error))
        raise _MismatchError("; ".join(problems))

    return read


def _listed(data: object) -> list[object]:
    if not isinstance(data, list):
        raise _MismatchError(f"{type(data).__name__} where a list should be")
    return data


def _sequence_reader(item: Reader) -> Reader:
    def read(data: object) -> tuple[object, ...]:
        items: list[object] = []
        try:
            items.extend(map(item, _listed(data)))
        except _MismatchError as error:
            raise error.within(f"[{len(items)}]" if isinstance(data, list) else "") from None
        return tuple(items)

    return read


def _row_reader(items: tuple[Reader, ...]) -> Reader:
    def read(data: object) -> tuple[object, ...]:
        values = _listed(data)
        if len(values) != len(items):
            raise _MismatchError(f"{len(values)} items where {len(items)} should be")
        return tuple([item(value) for item, value in zip(items, values, strict=True)])

    return read


def _mapping_reader(item: Reader) -> Reader:
    def read(data: object) -> dict[str, object]:
        if not isinstance(data, dict):
            raise _MismatchError(f"{type(data).__name__} where an object should be")
        return {key: item(value) for key, value in data.items()}

    return read


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _object_reader(kind: type) -> Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    required = frozenset(field.name for field in fields(kind) if _required(field))

    def read(data: object) -> object:
        if not isinstance(data, dict):
            raise _MismatchError(f"{type(data).__name__} where a {kind.__name__} should be")
        if not required <= data.keys() <= readers.keys():
            wrong = sorted((required - data.keys()) | (data.keys() - readers.keys()))
            raise _MismatchError(f"a {kind.__name__} with missing or unknown fields: {', '.join(wrong)}")
        values = {}
        for name, value in data.items():
            try:
                values[name] = readers[name](value)
            except _MismatchError as error:
                raise error.within(f".{name}") from None
        return kind(**values)

    return read
