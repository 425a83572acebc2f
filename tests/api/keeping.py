"""Finishing what a test has prepared, so that the calls that follow find it."""

from sqlalchemy.orm import Session

from registry.database import seal_trail


def keep(session: Session) -> None:
    """Write what was prepared and its trail."""
    seal_trail(session)
    session.commit()
