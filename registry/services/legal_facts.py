"""Legal facts as QA gives them, and what can be wrong with them; numbers are opaque text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from registry.vocabulary.lifecycle import Source
from registry.vocabulary.regulation import AuthorisationKind, PermitKind, ProductType


@dataclass(frozen=True, slots=True)
class AuthorisationFacts:
    """An authorisation: scope as operation code → wording beside it; `suites` None = the whole site.

    `valid_to` is the first day without it; None only counts as open-ended when QA says so.
    """

    code: str
    kind: AuthorisationKind
    holder_id: UUID
    product_type: ProductType
    operations: Mapping[str, str | None] = field(default_factory=dict)
    number: str | None = None
    authority: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    open_ended_confirmed: bool = False
    complete: bool = False
    suites: frozenset[UUID] | None = None
    document_link: str | None = None
    source: Source = Source.TYPED
    source_note: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Evidence of the last inspection; `reliance_until` replaces the usual three years when remarks say so."""

    code: str
    last_inspection: date
    number: str | None = None
    eudragmdp_reference: str | None = None
    operations: tuple[str, ...] = ()
    issued_on: date | None = None
    remarks: str | None = None
    reliance_until: date | None = None
    withdrawn_on: date | None = None
    source: Source = Source.TYPED
    source_note: str | None = None


@dataclass(frozen=True, slots=True)
class NonComplianceFacts:
    """A statement of non-compliance; no operations means everything."""

    code: str
    starts: date
    reference: str | None = None
    operations: tuple[str, ...] = ()
    closed_on: date | None = None
    source: Source = Source.TYPED
    source_note: str | None = None


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """Another permit; class and activity only for contained use."""

    code: str
    kind: PermitKind
    gmo_class: int | None = None
    activity: str | None = None
    reference: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: Source = Source.TYPED
    source_note: str | None = None


Evidence = CertificateFacts | NonComplianceFacts | PermitFacts


def authorisation_faults(facts: AuthorisationFacts) -> list[str | None]:
    """Return what is wrong with an authorisation in itself, None for what is not."""
    return [
        None if facts.code.strip() else "code: an authorisation needs one",
        _order_fault(facts.valid_from, facts.valid_to, "valid_to: is not after valid_from"),
        "open_ended_confirmed: an authorisation with an end is not open-ended"
        if facts.open_ended_confirmed and facts.valid_to
        else None,
        "operations: a complete record has at least one" if facts.complete and not facts.operations else None,
        "suites: an authorisation limited to rooms names one" if facts.suites == frozenset() else None,
    ]


def evidence_faults(facts: Evidence, today: date) -> list[str | None]:
    """Return what is wrong with a certificate, a statement of non-compliance or a permit."""
    code = None if facts.code.strip() else "code: a record needs one"
    match facts:
        case CertificateFacts():
            return [
                code,
                "last_inspection: lies in the future" if facts.last_inspection > today else None,
                _order_fault(facts.last_inspection, facts.issued_on, "issued_on: is before the inspection", same=True),
                _order_fault(facts.last_inspection, facts.reliance_until, "reliance_until: is before the inspection"),
                _order_fault(facts.last_inspection, facts.withdrawn_on, "withdrawn_on: is before the inspection"),
            ]
        case NonComplianceFacts():
            return [code, _order_fault(facts.starts, facts.closed_on, "closed_on: is not after the start")]
        case PermitFacts():
            contained = facts.kind is PermitKind.GMO_CONTAINED_USE
            return [
                code,
                _order_fault(facts.valid_from, facts.valid_to, "valid_to: is not after valid_from"),
                "gmo_class: contained use has one, 1 to 4"
                if contained and facts.gmo_class not in (1, 2, 3, 4)
                else None,
                "gmo_class: only contained use has one" if not contained and facts.gmo_class is not None else None,
            ]


def _order_fault(first: date | None, second: date | None, fault: str, *, same: bool = False) -> str | None:
    if first is None or second is None or first < second or (same and first == second):
        return None
    return fault
