"""A live line while a calculation runs, and a clean stop on Ctrl-C or a termination signal.

The calculation runs in a thread of its own, so that the line stays alive and a signal is heard at once whatever
the solver is doing.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from types import FrameType
from typing import Generic, TypeVar

from matcher.outcome import Progress
from registry.cli.console import err

_LOOK = 0.1
_SAY = 1.5

Result = TypeVar("Result")
Report = Callable[[Progress], None]
Stopped = Callable[[], bool]


@dataclass(slots=True)
class Watched(Generic[Result]):
    """What the thread shares with the one that waits for it."""

    latest: Progress | None = None
    result: list[Result] = field(default_factory=list)
    error: BaseException | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)


def watch(calculate: Callable[[Report, Stopped], Result], give_up_after: float | None = None) -> Result:
    """Run `calculate` with a progress line on standard error and return what it returns.

    It is given where to report progress and whom to ask whether to stop.

    Ctrl-C and SIGTERM ask it to stop with the plan so far; a second Ctrl-C interrupts at once. After `give_up_after`
    seconds of wall time since the process began it is asked to stop too. Errors of the calculation are raised here.
    """
    watched: Watched[Result] = Watched()
    thread = threading.Thread(target=_run, args=(calculate, watched), daemon=True, name="calculation")
    with _stopping_on_signals(watched.stop) as look:
        thread.start()
        _wait(watched, give_up_after, look)
    if watched.error is not None:
        raise watched.error
    return watched.result[0]


def _run(calculate: Callable[[Report, Stopped], Result], watched: Watched[Result]) -> None:
    def report(progress: Progress) -> None:
        watched.latest = progress

    try:
        watched.result.append(calculate(report, watched.stop.is_set))
    except BaseException as error:  # noqa: BLE001 - handed over to the waiting thread, which raises it
        watched.error = error
    finally:
        watched.done.set()


def _wait(watched: Watched[Result], give_up_after: float | None, look: Callable[[], None]) -> None:
    began = time.monotonic()
    said = -_SAY
    with _line() as say:
        while not watched.done.wait(_LOOK):
            look()
            elapsed = time.monotonic() - began
            if give_up_after is not None and seconds_since_start() > give_up_after:
                watched.stop.set()
            if elapsed - said >= _SAY:
                said = elapsed
                say(progress_text(watched.latest, elapsed, stopping=watched.stop.is_set()))


@contextmanager
def _line() -> Iterator[Callable[[str], None]]:
    """Where to say how far it is: one line that changes on a terminal, a line each time elsewhere."""
    if err.is_terminal:
        with err.status("starting") as status:
            yield status.update
    else:
        yield lambda text: err.print(text, markup=False, soft_wrap=True)


@contextmanager
def _stopping_on_signals(stop: threading.Event) -> Iterator[Callable[[], None]]:
    """Yield what to call now and then, to see whether Ctrl-C was pressed.

    Ctrl-C is held back from every thread and asked for, since CP-SAT puts a handler of its own in place while it
    solves, which ends the process when the signal reaches a thread that does not solve.
    """

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    def look() -> None:
        if signal.SIGINT in signal.sigpending():
            signal.sigwait({signal.SIGINT})
            ask_to_stop(signal.SIGINT, None)

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield look
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)


def progress_text(progress: Progress | None, elapsed: float, *, stopping: bool = False) -> str:
    """The line: phase, best plan so far, limit and gap of the first tier that is still open, seconds."""
    phase = "stopping with the plan so far" if stopping else (progress.phase if progress else "starting")
    parts = [phase]
    if progress and progress.objective:
        parts.append(f"best plan {_row(progress.objective)}")
        parts.append(f"bound {_row(progress.bound)}")
        gap = gap_text(progress.objective, progress.bound)
        if gap:
            parts.append(f"gap {gap}")
    return f"{' · '.join(parts)} · {elapsed:.0f} s"


def gap_text(objective: Sequence[int], bound: Sequence[int | None]) -> str | None:
    """How far the first open tier may be from its bound, in per cent of the bound; None when no bound is known."""
    for value, limit in zip_longest(objective, bound[: len(objective)]):
        if limit is None:
            return None
        if limit != value:
            return f"{100 * (limit - value) / max(abs(limit), 1):.2f} %"
    return "0 %" if objective else None


def _row(values: Sequence[int | None]) -> str:
    return "[" + ", ".join("–" if value is None else f"{value:,}" for value in values) + "]"


def seconds_since_start() -> float:
    """Wall time since this process began; where the system does not tell, since this module was read."""
    try:
        # field 22 of the page proc(5), counted behind the name in brackets, in clock ticks of 1/100 s since boot
        began = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]) / 100
        return max(0.0, float(Path("/proc/uptime").read_text(encoding="ascii").split()[0]) - began)
    except (OSError, ValueError, IndexError):
        return time.monotonic() - _READ


_READ = time.monotonic()
