"""Measure the documented mix of searches on a thousand facilities, with row-level security on."""

import gc
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.orm import Session

from registry import embedded
from registry.bench.filling import fill
from registry.bench.searches import Asked, mix
from registry.bench.thousand import TODAY, generate
from registry.database import act_as, application_engine, check_role, owner_engine
from registry.migrating import migrate
from registry.queries.search import Found, Key, search
from registry.vocabulary.lifecycle import DataSet

TARGET_MS = 50.0
PAGE = 20


@dataclass(frozen=True, slots=True)
class Measure:
    """One search measured, in milliseconds: the whole, and the processor time of this process and of the database.

    Where the machine is busy, the two times of processors say more than the whole; `database` is None where the
    system does not tell.
    """

    asked: Asked
    found: int
    wall: float
    fastest: float
    own: float
    database: float | None
    questions: int


def bench_search(seed: int, repeats: int, facilities: int) -> bool:
    """Print one line a search; return whether every median keeps the target."""
    with throwaway_database() as (owner, application):
        rows, asked = prepared(owner, seed, facilities)
        with application.connect() as connection:
            check_role(connection)
        measures = measure_all(application, asked, repeats)
    Console(width=120, highlight=False).print(_table(measures, f"{facilities} facilities, {rows} rows, seed {seed}"))
    return all(one.wall <= TARGET_MS for one in measures)


def prepared(owner: Engine, seed: int, facilities: int) -> tuple[int, tuple[Asked, ...]]:
    """Fill the database; return how many rows and the mix. What was generated does not stay in memory."""
    made = generate(seed, facilities)
    return fill(owner, made), mix(made)


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


def measure_all(application: Engine, searches: Sequence[Asked], repeats: int) -> list[Measure]:
    """Measure every search of the mix; the first round of each is not counted."""
    gc.collect()
    with Session(application) as session:
        return [_measure(session, asked, repeats) for asked in searches]


def _measure(session: Session, asked: Asked, repeats: int) -> Measure:
    act_as(session, asked.searcher)
    after = _before_page(session, asked)
    walls, own = [], []
    found = _search(session, asked, after)
    backend = session.scalar(text("select pg_backend_pid()"))
    before = _processor_ms(backend)
    with _counted(session) as questions:
        for _ in range(repeats):
            wall, cpu = time.perf_counter(), time.process_time()
            found = _search(session, asked, after)
            walls.append(1000 * (time.perf_counter() - wall))
            own.append(1000 * (time.process_time() - cpu))
    after_all = _processor_ms(backend)
    database = None if before is None or after_all is None else (after_all - before) / repeats
    session.rollback()
    return Measure(asked, found.total, median(walls), min(walls), median(own), database, questions() // repeats)


def _processor_ms(process: int | None) -> float | None:
    """Processor time of a process so far, where the system tells (Linux): its first number is nanoseconds."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[0]) / 1e6
    except (OSError, ValueError):
        return None


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
    for heading in ("found", "median ms", "fastest ms", "own CPU ms", "database CPU ms", "questions"):
        table.add_column(heading, justify="right")
    for one in measures:
        database = "?" if one.database is None else f"{one.database:.1f}"
        times = (f"{one.wall:.1f}", f"{one.fastest:.1f}", f"{one.own:.1f}", database)
        table.add_row(one.asked.title, str(one.found), *times, str(one.questions))
    return table
