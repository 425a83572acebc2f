"""Measure the documented mix of searches on a thousand facilities, with row-level security on."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event, make_url
from sqlalchemy.orm import Session

from registry import embedded
from registry.bench.filling import fill
from registry.bench.searches import Asked, mix
from registry.bench.thousand import TODAY, Generated, generate
from registry.database import act_as, application_engine, check_role, owner_engine
from registry.migrating import migrate
from registry.queries.search import Found, Key, search
from registry.vocabulary.lifecycle import DataSet

TARGET_MS = 50.0
PAGE = 20


@dataclass(frozen=True, slots=True)
class Measure:
    """One search measured, in milliseconds; `cpu` is processor time of this process, without the database's."""

    asked: Asked
    found: int
    wall: float
    slowest: float
    cpu: float
    questions: int


def bench_search(seed: int, repeats: int, facilities: int) -> bool:
    """Print one line a search; return whether every median keeps the target."""
    made = generate(seed, facilities)
    with throwaway_database() as (owner, application):
        rows = fill(owner, made)
        with application.connect() as connection:
            check_role(connection)
        measures = measure_all(application, made, repeats)
    Console(width=120, highlight=False).print(_table(measures, f"{facilities} facilities, {rows} rows, seed {seed}"))
    return all(one.wall <= TARGET_MS for one in measures)


@contextmanager
def throwaway_database() -> Iterator[tuple[Engine, Engine]]:
    """The owner's and the application's engine of a new, migrated database, gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="gmphub-bench-"))
    server = embedded.start(home, durable=False)
    application = application_engine(make_url(server.url))
    try:
        owner = owner_engine(make_url(server.url))
        migrate(owner)
        yield owner, application
    finally:
        application.dispose()
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def measure_all(application: Engine, made: Generated, repeats: int) -> list[Measure]:
    """Measure every search of the mix; the first round of each is not counted."""
    with Session(application) as session:
        return [_measure(session, asked, repeats) for asked in mix(made)]


def _measure(session: Session, asked: Asked, repeats: int) -> Measure:
    act_as(session, asked.searcher)
    after = _before_page(session, asked)
    walls, cpus = [], []
    found = _search(session, asked, after)
    with _counted(session) as questions:
        for _ in range(repeats):
            wall, cpu = time.perf_counter(), time.process_time()
            found = _search(session, asked, after)
            walls.append(1000 * (time.perf_counter() - wall))
            cpus.append(1000 * (time.process_time() - cpu))
    session.rollback()
    return Measure(asked, found.total, median(walls), max(walls), median(cpus), questions() // repeats)


def _search(session: Session, asked: Asked, after: Key | None) -> Found:
    session.expunge_all()
    return search(session, asked.searcher, DataSet.LIVE, asked.filters, today=TODAY, after=after, limit=PAGE)


def _before_page(session: Session, asked: Asked) -> Key | None:
    after = None
    for _ in range(asked.page - 1):
        after = _search(session, asked, after).next
    return after


@contextmanager
def _counted(session: Session) -> Iterator[Callable[[], int]]:
    """Count the questions to the database."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield lambda: len(asked)
    finally:
        event.remove(connection, "before_cursor_execute", note)


def _table(measures: list[Measure], title: str) -> Table:
    table = Table(title=f"{title}; target: a median of at most {TARGET_MS:.0f} ms each")
    table.add_column("search")
    for heading in ("found", "median ms", "slowest ms", "own CPU ms", "questions"):
        table.add_column(heading, justify="right")
    for one in measures:
        times = (f"{one.wall:.1f}", f"{one.slowest:.1f}", f"{one.cpu:.1f}")
        table.add_row(one.asked.title, str(one.found), *times, str(one.questions))
    return table
