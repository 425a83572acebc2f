"""What the database says when it refuses, in words of the domain; names of constraints stay in `details`."""

from sqlalchemy.exc import DBAPIError

from registry.errors import (
    AlreadyBookedError,
    BrokenRuleError,
    DatabaseUnreachableError,
    DomainError,
    NotAllowedError,
    NotVerifiedError,
    SchemaError,
    StaleVersionError,
)

LOST_CONNECTION = ("08", "57P")
NOT_ALLOWED = "42501"
UNDEFINED = ("42P01", "42703", "42704", "42883", "22023")
EXCLUDED = "23P01"
AGAIN = ("40001", "40P01")


def stale() -> StaleVersionError:
    """The answer to a change that rests on an older version."""
    return StaleVersionError("Somebody changed this record in between.", "Load it again and repeat your change.")


def unprepared() -> SchemaError:
    """The answer when tables or roles are missing."""
    return SchemaError("The database has not been prepared for this version.", "Run: gmphub migrate")


def unreachable(error: DBAPIError) -> DomainError:
    """The answer when no connection could be had."""
    code = _code(error)
    if code in UNDEFINED:
        return unprepared()
    first_line = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no answer"
    return DatabaseUnreachableError(
        f"The database cannot be reached: {first_line}.",
        "Check that it runs and that DATABASE_URL is right, or unset DATABASE_URL to use the one that comes with it.",
    )


def refused(error: DBAPIError) -> DomainError:
    """The domain error for what the database refused."""
    code = _code(error)
    constraint = _constraint(error)
    if code == "" or code.startswith(LOST_CONNECTION):
        return unreachable(error)
    if code in UNDEFINED:
        return unprepared()
    if code == EXCLUDED:
        return AlreadyBookedError("This place is taken on one of these days.", "Choose other days or another place.")
    if code in AGAIN:
        return stale()
    if code == NOT_ALLOWED:
        return NotAllowedError("You may not do this.")
    if constraint.startswith("ck_run_published"):
        return NotVerifiedError(
            "The run cannot be published: its outcome has not passed the independent check.",
            "Run the verifier on this problem and this outcome.",
        )
    return BrokenRuleError("The change breaks a rule of the registry.", details=(constraint or code,))


def _code(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _constraint(error: DBAPIError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
