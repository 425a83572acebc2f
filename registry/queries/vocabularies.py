"""The word lists, each entry with its source."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models import Term


def vocabulary_names(session: Session) -> Sequence[str]:
    """Return the names of the word lists."""
    return session.scalars(select(Term.vocabulary).distinct().order_by(Term.vocabulary)).all()


def terms_of(session: Session, vocabulary: str) -> Sequence[Term]:
    """Return the entries of a word list in their order; none when there is no such list."""
    question = select(Term).where(Term.vocabulary == vocabulary)
    return session.scalars(question.order_by(Term.position, Term.code)).all()
