"""A thousand generated facilities in a database of their own, for tests that search among many."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session

from registry.access.subject import Subject
from registry.bench.filling import fill
from registry.bench.thousand import TODAY, Generated, generate
from registry.database import act_as, application_engine, owner_engine
from registry.queries.search import NO_FILTERS, Filters, Found, Key, search
from registry.vocabulary.lifecycle import DataSet


@dataclass(frozen=True, slots=True)
class Thousand:
    """What was generated, and the application's engine on the database that holds it."""

    made: Generated
    application: Engine

    def search(
        self, subject: Subject, filters: Filters = NO_FILTERS, after: Key | None = None, limit: int = 20
    ) -> Found:
        """Search as somebody, on the day of the generated calendars."""
        with Session(self.application) as session:
            act_as(session, subject)
            return search(session, subject, DataSet.LIVE, filters, today=TODAY, after=after, limit=limit)


@contextmanager
def thousand(url: str, seed: int = 1, facilities: int = 1000) -> Iterator[Thousand]:
    """Fill an empty, migrated database at the owner's address."""
    made = generate(seed, facilities)
    fill(owner_engine(make_url(url)), made)
    application = application_engine(make_url(url))
    try:
        yield Thousand(made, application)
    finally:
        application.dispose()
