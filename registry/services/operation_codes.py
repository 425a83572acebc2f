"""Operation codes of the Union format as people type them: what the vocabulary does not know is refused by name."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models import Term

SHAPE = re.compile(r"[1-4](\.[1-9][0-9]?){0,3}")
"""Parts 1 to 4 and up to three levels below: 1.3.1.4, 1.2.1.13."""


def code_faults(session: Session, codes: Iterable[str]) -> list[str | None]:
    """Return a fault for each code that is none; without the word list only the shape is looked at."""
    known = frozenset(session.scalars(select(Term.code).where(Term.vocabulary == "operation_codes")))
    return [code_fault(code, known) for code in codes]


def code_fault(code: str, known: AbstractSet[str]) -> str | None:
    """Return what is wrong with a code: it is neither in the list, nor a heading of it, nor below a heading listed alone."""
    if SHAPE.fullmatch(code) is None:
        return f"operations: {code!r} is not an operation code of the Union format, such as 1.3.1.4"
    above = code.rpartition(".")[0]
    alone = above in known and not _heading(above, known)
    if not known or code in known or _heading(code, known) or alone:
        return None
    return f"operations: {code!r} is not among the operation codes of the vocabulary, nor a heading of them"


def _heading(code: str, known: AbstractSet[str]) -> bool:
    return any(one.startswith(f"{code}.") for one in known)
