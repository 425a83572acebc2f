"""One's own account: logins and keys that are ended, identities of a provider that are linked and taken off."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.access.subject import Subject
from registry.errors import NotVisibleError, WrongStateError
from registry.models import ApiToken, Identity, LoginSession, Person
from registry.services.accounts import withdraw_invitations
from registry.services.logins import Login, open_session, set_password
from registry.services.records import acting_for_a_moment, check_version, keep, person_of
from registry.vocabulary.roles import Role


def own_logins(session: Session, subject: Subject) -> list[LoginSession]:
    """Return the subject's logins that have not ended, newest first."""
    question = select(LoginSession).where(
        LoginSession.person_id == person_of(subject),
        LoginSession.ended_at.is_(None),
        LoginSession.ends_at > func.now(),
    )
    return list(session.scalars(question.order_by(LoginSession.created_at.desc(), LoginSession.id)))


def end_logins(session: Session, subject: Subject, only: UUID | None = None) -> int:
    """End the subject's logins now, or one of them; return how many."""
    ending = [login for login in own_logins(session, subject) if only in (None, login.id)]
    if only is not None and not ending:
        raise NotVisibleError("There is no such login.")
    for login in ending:
        login.ended_at = session.scalar(func.now().select())
    session.flush()
    return len(ending)


def end_keys(session: Session, subject: Subject) -> int:
    """End every key of the subject now; return how many were still good."""
    good = select(ApiToken).where(ApiToken.person_id == person_of(subject), ApiToken.revoked_at.is_(None))
    ending = session.scalars(good).all()
    for key in ending:
        key.revoked_at = session.scalar(func.now().select())
    session.flush()
    return len(ending)


def change_password(session: Session, subject: Subject, password: str, *, logged_in: bool) -> Login | None:
    """Give the subject, who has just proved the old one, a new password; every login and every open word ends.

    Whoever is `logged_in` on a browser goes on there with the login that is returned. All of it happens in the session
    of the call, which may have prolonged the login that ends here.
    """
    machine = Subject(subject.person, frozenset({(Role.OPERATOR, None)}))
    with acting_for_a_moment(session, subject, machine):
        person = session.get_one(Person, person_of(subject))
        set_password(session, subject, person, password)
        withdraw_invitations(session, person)
        login = open_session(session, person, "password") if logged_in else None
        keep(session, "change password", "")
    return login


def own_identities(session: Session, subject: Subject) -> list[Identity]:
    """Return who the subject is at identity providers."""
    question = select(Identity).where(Identity.person_id == person_of(subject))
    return list(session.scalars(question.order_by(Identity.created_at, Identity.id)))


def unlink_identity(session: Session, subject: Subject, identity_id: UUID, version: int) -> None:
    """Take an identity off one's own account; the last way to log in stays.

    The session must be one that may write identities, on behalf of the subject.
    """
    own = own_identities(session, subject)
    identity = next((one for one in own if one.id == identity_id), None)
    if identity is None:
        raise NotVisibleError("There is no such identity.")
    check_version(identity, version)
    person = session.get_one(Person, identity.person_id)
    if len(own) == 1 and person.password_hash is None:
        raise WrongStateError(
            "This is the only way to log in to the account.", "Link another identity first, or ask for a password."
        )
    session.delete(identity)
    session.flush()
