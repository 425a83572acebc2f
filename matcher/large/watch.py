"""Watching a long solve from outside: progress, cancellation and the clock, none of which change what is found."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from matcher.outcome import Progress, SolveOptions, Stopped

Found = TypeVar("Found")

_REPORT_EVERY = 0.5
_LOOK_EVERY = 0.1
_STOP_TRIES = 60


class StoppedEarly(Exception):  # noqa: N818  a request from outside, no error
    """Raised by `Watch.run` when the solve was cancelled or its time is up; `why` is the outcome's word."""

    def __init__(self, why: Stopped) -> None:
        super().__init__(why)
        self.why = why


class Watch:
    """One solve's clock. `phase`, `objective` and `bound` are what the next report says.

    `until` is when the present part must end, in seconds since the start; None = no limit.
    """

    def __init__(self, options: SolveOptions) -> None:
        self.options = options
        self.phase = "reading the problem"
        self.objective: tuple[int, ...] = ()
        self.bound: tuple[int | None, ...] = ()
        self.until = options.seconds
        self._began = time.monotonic()
        self._reported = -_REPORT_EVERY
        self._told: tuple[int, ...] = ()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    @property
    def exploring(self) -> bool:
        """Whether the clock, and not the effort, decides how long to go on."""
        return self.options.effort is None

    def left(self) -> float:
        """Seconds left for the present part."""
        return float("inf") if self.until is None else self.until - self.seconds

    def look(self) -> None:
        """Stop the part when it must end; else report a better plan at once, and anything else when it is time."""
        if self.options.cancelled is not None and self.options.cancelled():
            raise StoppedEarly("cancelled")
        if self.left() <= 0:
            raise StoppedEarly("clock")
        now = self.seconds
        if self.options.on_progress is not None and (
            self.objective != self._told or now - self._reported >= _REPORT_EVERY
        ):
            self._reported, self._told = now, self.objective
            self.options.on_progress(Progress(self.phase, self.objective, self.bound, now))

    def run(self, work: Callable[[], Found], stop: Callable[[], None] | None = None) -> Found:
        """The result of `work`, done in a thread of its own while this one keeps looking.

        On an early stop `stop` is called until the thread has ended: a solver that still runs when the interpreter
        ends would abort the process. Without `stop`, or when it does not listen, the thread is left to end by itself.
        """
        finished = threading.Event()
        results: list[Found] = []
        errors: list[BaseException] = []

        def body() -> None:
            try:
                results.append(work())
            except BaseException as error:  # noqa: BLE001  handed to the caller below
                errors.append(error)
            finally:
                finished.set()

        threading.Thread(target=body, daemon=True).start()
        try:
            self.look()
            while not finished.wait(min(_LOOK_EVERY, max(self.left(), 0.0))):
                self.look()
        except BaseException:
            if stop is not None:
                _end(stop, finished)
            raise
        if errors:
            raise errors[0]
        return results[0]


def _end(stop: Callable[[], None], finished: threading.Event) -> None:
    """Call `stop` until the thread has ended; a solver only hears it once it has begun."""
    for _ in range(_STOP_TRIES):
        stop()
        if finished.wait(_LOOK_EVERY / 2):
            return
