"""Every table; importing this package makes the metadata complete."""

from registry.models.audit_event import AuditAnchor, AuditEvent
from registry.models.authorisation import (
    Authorisation,
    AuthorisedSuite,
    Certificate,
    NonCompliance,
    Permit,
    ScopeLine,
)
from registry.models.base import Base
from registry.models.booking import Booking
from registry.models.calls import IdempotentAnswer, Identity, LoginAttempt, LoginSession
from registry.models.capacity import Closure, FacilityLimit, Opening, StartsStatement
from registry.models.competence import ProcessExperience, QcMethod, QpCover
from registry.models.establishment import Establishment, EstablishmentApproval, EstablishmentStage
from registry.models.facility import Confirmation, Facility
from registry.models.material import CentreQualification, CollectionCentre, MaterialLot
from registry.models.organisation import Network, Organisation
from registry.models.outbox import OutboxMessage, Secret
from registry.models.person import ApiToken, Invitation, Membership, Person, Signature
from registry.models.policy import Policy
from registry.models.product import ProcessLoad, ProcessStep, ProcessVersion, Product
from registry.models.request import (
    Batch,
    Request,
    RequestAttachment,
    RequestCollaborator,
    RequestExclusion,
    RequestMaterial,
    RequestPlace,
    RequestPreference,
)
from registry.models.result import Placement, Verdict
from registry.models.round import Round
from registry.models.run import Run, RunProgress, VerifierReport, WhatIf
from registry.models.site import Site
from registry.models.suite import Equipment, Suite
from registry.models.vocabulary import Term

__all__ = [
    "ApiToken",
    "AuditAnchor",
    "AuditEvent",
    "Authorisation",
    "AuthorisedSuite",
    "Base",
    "Batch",
    "Booking",
    "CentreQualification",
    "Certificate",
    "Closure",
    "CollectionCentre",
    "Confirmation",
    "Equipment",
    "Establishment",
    "EstablishmentApproval",
    "EstablishmentStage",
    "Facility",
    "FacilityLimit",
    "IdempotentAnswer",
    "Identity",
    "Invitation",
    "LoginAttempt",
    "LoginSession",
    "MaterialLot",
    "Membership",
    "Network",
    "NonCompliance",
    "Opening",
    "Organisation",
    "OutboxMessage",
    "Permit",
    "Person",
    "Placement",
    "Policy",
    "ProcessExperience",
    "ProcessLoad",
    "ProcessStep",
    "ProcessVersion",
    "Product",
    "QcMethod",
    "QpCover",
    "Request",
    "RequestAttachment",
    "RequestCollaborator",
    "RequestExclusion",
    "RequestMaterial",
    "RequestPlace",
    "RequestPreference",
    "Round",
    "Run",
    "RunProgress",
    "ScopeLine",
    "Secret",
    "Signature",
    "Site",
    "StartsStatement",
    "Suite",
    "Term",
    "Verdict",
    "VerifierReport",
    "WhatIf",
]
