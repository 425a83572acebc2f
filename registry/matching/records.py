"""Hashes of single records of a snapshot, so that a party can check that its own were in it, and sees no other.

The hash of a record is SHA-256(salt || line feed || canonical form); the salt is HMAC-SHA256(key of the run, kind and
id), so that nobody can find out a foreign record by trying. The sorted hashes of all records are hashed once more,
and that hash stands in the manifest.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matcher.facts import Facility, Facts, Request
from registry.matching.documents import canonical, sha256_of


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a snapshot with its salt and its hash."""

    kind: str
    id: str
    salt: str
    sha256: str


def records_of(facts: Facts, key: str) -> tuple[Record, ...]:
    """Return every request and facility of a snapshot with its hash under the key of the run."""
    return tuple(_record(kind, value, key) for kind, value in _parts(facts))


def records_sha256(hashes: Iterable[str]) -> str:
    """Return the hash of the sorted list of hashes."""
    return sha256_of(sorted(hashes))


def record_sha256(salt: str, value: object) -> str:
    """Return the hash of one record, in canonical form or as it is in the facts, under its salt."""
    return hashlib.sha256(salt.encode() + b"\n" + canonical(value)).hexdigest()


def _parts(facts: Facts) -> Iterator[tuple[str, Request | Facility]]:
    yield from (("request", request) for request in facts.requests)
    yield from (("facility", facility) for facility in facts.facilities)


def _record(kind: str, value: Request | Facility, key: str) -> Record:
    salt = hmac.new(key.encode(), f"{kind} {value.id}".encode(), hashlib.sha256).hexdigest()
    return Record(kind, value.id, salt, record_sha256(salt, value))
