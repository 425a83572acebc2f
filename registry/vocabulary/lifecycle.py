"""States of records, where a record came from, and which data set it belongs to."""

from enum import StrEnum


class DataSet(StrEnum):
    """Three sets that are never mixed: sourced public facts, an invented rehearsal, and real use."""

    DIRECTORY = "directory"
    REHEARSAL = "rehearsal"
    LIVE = "live"


class Source(StrEnum):
    """How a fact came in."""

    TYPED = "typed"
    SHEET = "sheet"
    API = "API"
    REGISTER_IMPORT = "register import"
    CALENDAR = "calendar"
    GENERATED = "generated"


class Publication(StrEnum):
    """Who beyond its own people may find a facility."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


PUBLICATION_MOVES: dict[Publication, frozenset[Publication]] = {
    Publication.DRAFT: frozenset({Publication.SCHEDULED, Publication.PUBLISHED}),
    Publication.SCHEDULED: frozenset({Publication.DRAFT, Publication.PUBLISHED, Publication.WITHDRAWN}),
    Publication.PUBLISHED: frozenset({Publication.WITHDRAWN}),
    Publication.WITHDRAWN: frozenset({Publication.DRAFT}),
}
"""Which state may follow which; what was withdrawn becomes a draft before it is seen again."""


class FacilityStatus(StrEnum):
    """What the public source says the facility does today."""

    OPERATING = "operating"
    PLANNED = "planned"
    OPENING = "opening"
    CLOSING = "closing"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class ConfirmationSubject(StrEnum):
    """What a facility confirmed."""

    CALENDAR = "calendar"
    LEGAL = "legal"


class MaterialState(StrEnum):
    """How far a lot of material is."""

    NONE = "none"
    ORDERED = "ordered"
    IN_PRODUCTION = "in_production"
    RELEASED = "released"


class RequestState(StrEnum):
    """Where a request stands; reasons say the rest."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    READY = "ready"
    IN_ROUND = "in_round"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    CLOSED = "closed"


class RequestAction(StrEnum):
    """What a person can do with a request as a whole."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    WITHDRAW = "withdraw"
    CLOSE = "close"


REQUEST_MOVES: dict[RequestAction, tuple[frozenset[RequestState], RequestState]] = {
    RequestAction.SUBMIT: (frozenset({RequestState.DRAFT, RequestState.RETURNED}), RequestState.SUBMITTED),
    RequestAction.ACCEPT: (frozenset({RequestState.SUBMITTED}), RequestState.READY),
    RequestAction.RETURN: (frozenset({RequestState.SUBMITTED, RequestState.READY}), RequestState.RETURNED),
    RequestAction.WITHDRAW: (
        frozenset(
            {
                RequestState.DRAFT,
                RequestState.RETURNED,
                RequestState.SUBMITTED,
                RequestState.READY,
                RequestState.WAITING,
            }
        ),
        RequestState.WITHDRAWN,
    ),
    RequestAction.CLOSE: (frozenset({RequestState.WAITING, RequestState.RETURNED}), RequestState.CLOSED),
}
"""From which states an action leads to which; every pair that is not listed is refused."""

EDITABLE = frozenset({RequestState.DRAFT, RequestState.RETURNED})
"""States in which a sponsor changes what it asks for."""


class RoundKind(StrEnum):
    """Why a round is held."""

    PERIOD = "period"
    ROLLING = "rolling"
    WHAT_IF = "what_if"


class RoundState(StrEnum):
    """Where a round stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class RunState(StrEnum):
    """Where a calculation stands; only a checked one may be published."""

    QUEUED = "queued"
    SOLVING = "solving"
    CHECKING = "checking"
    CHECKED = "checked"
    DISPUTED = "disputed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PUBLISHED = "published"


class ReportVerdict(StrEnum):
    """What the independent verifier said."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    FAIL = "fail"


class BookingKind(StrEnum):
    """What a booked stay is."""

    RESERVATION = "reservation"
    CALL_OFF = "call_off"
    OWN = "own"


class BookingState(StrEnum):
    """Only held and confirmed bookings keep others out."""

    HELD = "held"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DONE = "done"


class SignatureMeaning(StrEnum):
    """What a signature says."""

    AUTHOR = "author"
    REVIEW = "review"
    APPROVAL = "approval"
    ACCEPTANCE = "acceptance"
    RESPONSIBILITY = "responsibility"
