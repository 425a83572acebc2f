"""What a facility is made of and whom it serves."""

from enum import StrEnum


class ServiceModel(StrEnum):
    """Whom the facility serves; captive and unknown are never matched."""

    CAPTIVE = "captive"
    NATIONAL_NETWORK = "national network"
    ACADEMIC_COLLABORATION = "academic collaboration"
    CONTRACT = "contract"
    PREMISES_FOR_TENANTS = "premises for tenants"
    UNKNOWN = "unknown"


class OrganisationKind(StrEnum):
    """Kind of legal entity."""

    HOSPITAL = "hospital"
    UNIVERSITY = "university"
    PUBLIC_RESEARCH = "public research"
    BLOOD_ESTABLISHMENT = "blood establishment"
    COMPANY = "company"
    CHARITY = "charity"


class Grade(StrEnum):
    """Clean-room grade of the background, EudraLex Volume 4."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class PlaceKind(StrEnum):
    """What one place of a suite really is: the thing a stay holds."""

    ROOM = "room"
    ISOLATOR = "isolator"
    DEVICE = "device"
    INCUBATOR = "incubator"


class LimitKind(StrEnum):
    """Optional private limits of a facility beside its rooms."""

    QC_RESULTS = "qc_results"
    CERTIFICATIONS = "certifications"
    OPERATORS = "operators"
    NEW_PRODUCTS = "new_products"
    TRANSFER_WEEKS = "transfer_weeks"


class StartsClass(StrEnum):
    """How binding a statement of offerable starts is."""

    FIRM = "firm"
    INDICATIVE = "indicative"
    ON_ENQUIRY = "on_enquiry"


class Rhythm(StrEnum):
    """How often a facility promised to confirm its calendar."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Freshness(StrEnum):
    """How current a confirmation is."""

    CURRENT = "current"
    DUE = "due"
    OVERDUE = "overdue"
    EXCLUDED = "excluded"


FRESHNESS_DAYS: dict[Rhythm, tuple[int, int, int]] = {
    Rhythm.WEEKLY: (7, 14, 21),
    Rhythm.FORTNIGHTLY: (14, 21, 28),
    Rhythm.MONTHLY: (30, 44, 60),
    Rhythm.QUARTERLY: (90, 120, 150),
}
"""Days after the last confirmation from which a calendar is due, overdue, excluded."""


def freshness_of(rhythm: Rhythm, age: int) -> Freshness:
    """Return how current a calendar of this rhythm is, `age` days that count after its confirmation."""
    due, overdue, excluded = FRESHNESS_DAYS[rhythm]
    if age >= excluded:
        return Freshness.EXCLUDED
    if age >= overdue:
        return Freshness.OVERDUE
    return Freshness.DUE if age >= due else Freshness.CURRENT


class ClosureKind(StrEnum):
    """Why a suite or a facility is closed; own use and the repeat reserve show as taken, without reason."""

    MAINTENANCE = "maintenance"
    REQUALIFICATION = "requalification"
    MEDIA_FILL = "media_fill"
    SHUTDOWN = "shutdown"
    OWN_USE = "own_use"
    REPEAT_RESERVE = "repeat_reserve"


TAKEN = frozenset({ClosureKind.OWN_USE, ClosureKind.REPEAT_RESERVE})
"""Kinds that are no closure but use: shown to others as taken, and no reason to stop the clock."""
