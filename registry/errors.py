"""Errors of the domain: what happened, where, why, what to do, under a code that never changes. No HTTP words."""

from collections.abc import Sequence
from typing import ClassVar


class DomainError(Exception):
    """A refusal with a stable `code`; `text` says what and why, `advice` what to do about it."""

    code: ClassVar[str] = "refused"

    def __init__(self, text: str, advice: str = "", details: Sequence[str] = ()) -> None:
        """Keep the words apart, so that a page and a terminal can lay them out."""
        super().__init__(" ".join(part for part in (text, advice) if part))
        self.text = text
        self.advice = advice
        self.details = tuple(details)


class NotVisibleError(DomainError):
    """The record does not exist for this subject."""

    code = "not-found"


class NotAllowedError(DomainError):
    """The subject sees the record but may not do this."""

    code = "not-allowed"


class NotSignedError(NotAllowedError):
    """What was shown, who proved what, or the reason does not carry the signature; `details` holds every fault."""

    code = "not-signed"


class StaleVersionError(DomainError):
    """Somebody changed the record in between."""

    code = "stale-version"


class InvalidInputError(DomainError):
    """What was given has faults; `details` holds all of them, each with its field, what is wrong and what would do."""

    code = "invalid-input"


class WrongStateError(DomainError):
    """The record stands where this cannot be done."""

    code = "wrong-state"


class AlreadyBookedError(DomainError):
    """The place is taken on one of these days."""

    code = "already-booked"


class NotVerifiedError(DomainError):
    """A run cannot be published without its passing verifier report."""

    code = "not-verified"


class BrokenRuleError(DomainError):
    """A rule of the database refused the change; `details` holds the name of the constraint."""

    code = "rule-broken"


class EnvironmentFault(DomainError):  # noqa: N818 - a fault of the surroundings, not of what was asked
    """The surroundings are not as needed; commands exit with 3."""

    code = "environment"


class DatabaseUnreachableError(EnvironmentFault):
    """No database answers."""

    code = "database-unreachable"


class UnsafeRoleError(EnvironmentFault):
    """The application would work as a role that row-level security does not bind."""

    code = "unsafe-database-role"


class SchemaError(EnvironmentFault):
    """The database is not at the schema this version needs."""

    code = "schema-behind"


class WeakDurabilityError(EnvironmentFault):
    """The database is set so that acknowledged writes may be lost."""

    code = "weak-durability"


class FolderError(EnvironmentFault):
    """A folder cannot be made, entered or written."""

    code = "folder-not-writable"


class SecretError(EnvironmentFault):
    """There is no secret key where one is needed, or it is none."""

    code = "secret-key-missing"


class PlatformError(EnvironmentFault):
    """There is no PostgreSQL for this platform in the installation."""

    code = "platform-unsupported"


class ServerStartError(EnvironmentFault):
    """The embedded server did not start; `details` are the last lines of what it said."""

    code = "server-did-not-start"

    def __str__(self) -> str:
        """The last lines belong to the answer."""
        return "\n".join((super().__str__(), *self.details))
