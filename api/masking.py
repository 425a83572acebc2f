"""What each side reads of the other before both consent: numbers instead of names, and no record that identifies.

Numbers are drawn by a keyed hash for each request (or facility), so that they tell neither the order of names nor who
is who in two requests; they stay the same when the answer is read again.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from registry.access.permissions import Permission, may
from registry.access.subject import OrganisationId, Subject
from registry.settings import secret_key

TOLD_TO_SPONSORS = ("rule", "title", "status", "required", "citation", "overridable_by")
"""What the requester reads of a rule: never what the facility's record says, how far it is, since when, or until when."""

WORDED_BY_THE_FACILITY = frozenset(
    {"campaign-size", "notice", "calendar-freshness", "new-products", "process-simulation"}
)
"""Rules whose requirement is the facility's own figure."""

TOLD_TO_FACILITIES = ("rule", "title", "status", "actual", "citation", "source", "source_date", "overridable_by")

OF_THE_FACILITY = frozenset(
    {
        "service-model",
        "open-to-companies",
        "family-wanted",
        "calendar-freshness",
        "legal-attestation",
        "authorisation-kind",
        "authorisation-rooms",
        "authorisation-validity",
        "scope-codes",
        "qc-methods",
        "certificate-withdrawn",
        "certificate-reliance",
        "non-compliance",
        "background-grade",
        "working-mode",
        "vector-segregation",
        "containment-class",
        "gmo-permit",
        "equipment-present",
        "equipment-qualified",
        "one-product",
        "qualified-person",
        "starts-stated",
    }
)
"""Rules that rest on the facility's own records; the others tell what a requester has, wants or excludes."""


def may_know(subject: Subject, organisation: UUID) -> bool:
    """Whether the subject may know who stands behind: its own people, delegates of its network, overseers."""
    place = OrganisationId(organisation)
    return place in subject.organisations or may(subject, Permission.READ_OVERVIEW, place)


def numbered(around: UUID, records: Collection[UUID]) -> dict[UUID, int]:
    """Return a number from 1 for each record, in an order that only the holder of the key could foretell."""
    key = secret_key().encode()

    def drawn(record: UUID) -> bytes:
        return hmac.new(key, around.bytes + record.bytes, hashlib.sha256).digest()

    return {record: number for number, record in enumerate(sorted(set(records), key=drawn), start=1)}


def reference(around: UUID, record: UUID) -> str:
    """Return what one side calls the other in its calls while it is masked: it stays, and compares with nothing else."""
    key = secret_key().encode()
    return hmac.new(key, b"reference" + around.bytes + record.bytes, hashlib.sha256).hexdigest()[:32]


def for_sponsor(results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what the rules said without what identifies the facility."""
    return [
        {
            field: result.get(field)
            for field in TOLD_TO_SPONSORS
            if field != "required" or result.get("rule") not in WORDED_BY_THE_FACILITY
        }
        for result in results
    ]


def for_facility(results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what the rules said of the facility's own records, and nothing of the requester."""
    return [
        {field: result.get(field) for field in TOLD_TO_FACILITIES}
        for result in results
        if result.get("rule") in OF_THE_FACILITY
    ]
