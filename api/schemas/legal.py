"""Legal facts of a site: authorisations and the evidence for them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.fields import Code, Day, Label, Link, Reason, Sent, Sentence, Shown
from registry.services.legal_facts import AuthorisationFacts, CertificateFacts, NonComplianceFacts, PermitFacts
from registry.vocabulary.lifecycle import Source
from registry.vocabulary.regulation import AuthorisationKind, PermitKind, ProductType

Operations = Annotated[tuple[Code, ...], Field(max_length=100)]


class AuthorisationBody(Sent):
    """An authorisation: scope as operation code → wording beside it; `suites` null = the whole site."""

    code: Code
    kind: AuthorisationKind
    holder_id: UUID
    product_type: ProductType
    operations: Annotated[dict[Code, Label | None], Field(max_length=100)] = Field(default_factory=dict)
    number: Label | None = None
    authority: Label | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    open_ended_confirmed: bool = False
    complete: bool = False
    suites: Annotated[frozenset[UUID], Field(max_length=100)] | None = None
    document_link: Link | None = None
    reason: Reason = ""

    def facts(self) -> AuthorisationFacts:
        """The same for the registry."""
        return AuthorisationFacts(**self.model_dump(exclude={"reason"}))


class AuthorisationFull(Shown):
    """An authorisation with its scope.

    Developers read kind, scope and validity: number, authority, holder, rooms and document are null for them.
    """

    id: UUID
    facility_id: UUID
    site_id: UUID
    code: str
    kind: AuthorisationKind
    holder_id: UUID | None
    product_type: ProductType
    operations: dict[str, str | None]
    number: str | None
    authority: str | None
    valid_from: date | None
    valid_to: date | None
    open_ended_confirmed: bool
    complete: bool
    suites: list[UUID] | None
    document_link: str | None
    source: Source
    confirmed_on: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class CertificateBody(Sent):
    """Evidence of the last inspection."""

    code: Code
    last_inspection: Day
    number: Label | None = None
    eudragmdp_reference: Label | None = None
    operations: Operations = ()
    issued_on: Day | None = None
    remarks: Sentence | None = None
    reliance_until: Day | None = None
    withdrawn_on: Day | None = None
    reason: Reason = ""

    def facts(self) -> CertificateFacts:
        """The same for the registry."""
        return CertificateFacts(**self.model_dump(exclude={"reason"}))


class CertificateFull(Shown):
    """Evidence of the last inspection."""

    id: UUID
    facility_id: UUID
    site_id: UUID
    code: str
    last_inspection: date
    number: str | None
    eudragmdp_reference: str | None
    operations: list[str]
    issued_on: date | None
    remarks: str | None
    reliance_until: date | None
    withdrawn_on: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class NonComplianceBody(Sent):
    """A statement of non-compliance; no operations means everything."""

    code: Code
    starts: Day
    reference: Label | None = None
    operations: Operations = ()
    closed_on: Day | None = None
    reason: Reason = ""

    def facts(self) -> NonComplianceFacts:
        """The same for the registry."""
        return NonComplianceFacts(**self.model_dump(exclude={"reason"}))


class NonComplianceFull(Shown):
    """A statement of non-compliance."""

    id: UUID
    facility_id: UUID
    site_id: UUID
    code: str
    starts: date
    reference: str | None
    operations: list[str]
    closed_on: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")


class PermitBody(Sent):
    """Another permit; class and activity only for contained use."""

    code: Code
    kind: PermitKind
    gmo_class: Annotated[int, Field(ge=1, le=4)] | None = None
    activity: Label | None = None
    reference: Label | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    reason: Reason = ""

    def facts(self) -> PermitFacts:
        """The same for the registry."""
        return PermitFacts(**self.model_dump(exclude={"reason"}))


class PermitFull(Shown):
    """Another permit of a site."""

    id: UUID
    facility_id: UUID
    site_id: UUID
    code: str
    kind: PermitKind
    gmo_class: int | None
    activity: str | None
    reference: str | None
    valid_from: date | None
    valid_to: date | None
    version: int
    actions: list[str] = Field(default_factory=list, description="What you may do with it now.")
