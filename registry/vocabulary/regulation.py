"""Kinds of authorisation and the Union-format operation codes that requests need."""

from enum import StrEnum


class AuthorisationKind(StrEnum):
    """Legal entitlement to manufacture or import."""

    MIA = "MIA"
    MIA_IMP = "MIA(IMP)"
    NATIONAL_HOSPITAL = "national hospital exemption"
    NAMED_PATIENT = "named patient"
    IMPORT = "import"


class ProductType(StrEnum):
    """The product type an authorisation is written for; a code has meaning only together with it."""

    HUMAN = "human"
    IMP = "IMP"
    NATIONAL = "national"


class PermitKind(StrEnum):
    """Other permits of a site."""

    GMO_CONTAINED_USE = "gmo_contained_use"
    TISSUE_ESTABLISHMENT = "tissue_establishment"
    TISSUE_IMPORT_EXPORT = "tissue_import_export"


class PairStage(StrEnum):
    """Stages of bringing a process to a site, in their usual order."""

    INTEREST = "interest"
    CDA = "cda"
    FEASIBILITY = "feasibility"
    TERMS = "terms"
    QUALITY_AGREEMENT = "quality_agreement"
    TRANSFER = "transfer"
    ENGINEERING_RUNS = "engineering_runs"
    PROCESS_SIMULATION = "process_simulation"
    COMPARABILITY = "comparability"
    AUTHORITY_APPROVALS = "authority_approvals"
    READY = "ready"


class StageState(StrEnum):
    """State of one stage of a pair."""

    NOT_NEEDED = "not_needed"
    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"
