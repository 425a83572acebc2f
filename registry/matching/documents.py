"""Frozen facts as a JSON document and back, so that a round can be hashed, kept, checked and repeated.

Sets become sorted lists, days ISO strings, enumerations their words; the same facts always give the same bytes.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache

import rfc8785
from pydantic import JsonValue, TypeAdapter

from matcher.facts import Facts


def to_document(value: object) -> JsonValue:
    """Return `value` (dataclasses, sets, mappings, days, enumerations, plain values) as plain JSON values."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(to_document(key)): to_document(entry) for key, entry in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((to_document(entry) for entry in value), key=lambda entry: (str(type(entry)), str(entry)))
    if isinstance(value, tuple | list):
        return [to_document(entry) for entry in value]
    raise TypeError(f"{type(value).__name__} has no place in a snapshot")


def canonical(value: object) -> bytes:
    """Return the RFC 8785 form of `value`: the bytes that are hashed."""
    return rfc8785.dumps(to_document(value))


def sha256_of(value: object) -> str:
    """Return the SHA-256 of the canonical form, lower-case hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


@cache
def _adapter() -> TypeAdapter[Facts]:
    return TypeAdapter(Facts)


def facts_from_json(data: bytes) -> Facts:
    """Return the facts a snapshot document holds; raises pydantic's ValidationError when it is none."""
    return _adapter().validate_json(data)
