"""Asking the solving process: one question at a time, watched, and ended at once when nobody wants the answer."""

import os
import re
import selectors
import signal
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from ortools.math_opt import model_pb2, parameters_pb2, result_pb2, rpc_pb2

from matcher.model import child

Solver = Literal["highs", "cp_sat"]

_POLL_SECONDS = 0.1
_READ_BYTES = 1 << 16
_SOLVERS = {"highs": parameters_pb2.SOLVER_TYPE_HIGHS, "cp_sat": parameters_pb2.SOLVER_TYPE_CP_SAT}
_HIGHS_ROW = re.compile(
    r"^\s*[A-Za-z]?\s+\S+\s+\S+\s+\S+\s+[\d.]+%\s+(\S+)\s+\S+\s+\S+\s+\d+\s+\d+\s+\d+\s+(\d+)([kMG]?)\s"
)
_SECONDS_BETWEEN_ROWS = 1.0
_THOUSANDS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}


@dataclass(frozen=True, slots=True)
class Question:
    """A model with its limits: `nodes` and `iterations` for HiGHS, `work` (deterministic time) for CP-SAT; None = to the end.

    `hint` is a whole plan, every variable with its value; with `relaxed` the model asks for a limit only.
    """

    model: model_pb2.ModelProto
    solver: Solver
    hint: Mapping[int, int]
    seed: int
    nodes: int | None = None
    iterations: int | None = None
    work: float | None = None
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """How a solve ended: `proved`, nothing better exists; else a cap was reached or it failed."""

    proved: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who wants to hear of improving plans (the variables that are 1) and limits, and whether to go on."""

    plan: Callable[["array[int]"], None]
    bound: Callable[[float], None]
    go_on: Callable[[], bool]
    """Asked at least every tenth of a second."""


class SolverProcess:
    """A process that answers one question at a time and can be paused; leaving the context ends it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gmphub-solve-")
        self._process: subprocess.Popen[bytes] | None = None
        self._unread, self._unsent = bytearray(), bytearray()
        self._solver: Solver = "highs"
        self._relaxed = False
        self._bound: float | None = None
        self._iterations: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        self._folder.cleanup()

    def end(self) -> None:
        """Ends the process, whatever it is doing, paused or not."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
            self._unread.clear()
            self._unsent.clear()

    def pause(self) -> None:
        """Stops the clock of the process until `resume`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets a paused process work again."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def ask(self, question: Question) -> None:
        """Puts a question; `listen` sends it as fast as the process takes it, and brings what is found."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own file, run by this interpreter
                [sys.executable, "-P", child.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert self._process.stdin is not None
            os.set_blocking(self._process.stdin.fileno(), False)
        plans = Path(self._folder.name) / "plans"
        plans.unlink(missing_ok=True)
        self._solver, self._relaxed, self._bound = question.solver, question.relaxed, None
        self._iterations = question.iterations
        payload = _request(question, plans).SerializeToString()
        self._unsent += child.HEADER.pack(child.QUESTION, len(payload)) + payload

    def listen(self, watch: Watch) -> Answer | None:
        """Tells `watch` what is found until the answer comes; None when `watch.go_on` says no before."""
        for kind, payload in self._frames():
            if kind == child.PLAN:
                watch.plan(array("q", payload))
            elif kind == child.LINE and (row := _row_in(payload.decode(), self._solver)) is not None:
                seen, iterations = row
                self._bound = seen if self._bound is None else min(self._bound, seen)
                watch.bound(self._bound)
                if self._iterations is not None and iterations > self._iterations:
                    self.end()
                    return Answer()
            elif kind == child.ANSWER:
                answer = _answer(result_pb2.SolveResultProto.FromString(payload), watch)
                return replace(answer, proved=answer.proved and not self._relaxed)
            elif kind == child.FAILURE:
                return Answer(failure=payload.decode())
            if not watch.go_on():
                return None
        self.end()
        return Answer(failure="the solving process ended without an answer")

    def _frames(self) -> Iterator[tuple[bytes, bytes]]:
        """What the process writes; an empty frame at least every tenth of a second."""
        if self._process is None or self._process.stdout is None or self._process.stdin is None:
            return
        answers, questions = self._process.stdout.fileno(), self._process.stdin.fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(answers, selectors.EVENT_READ)
            if self._unsent:
                selector.register(questions, selectors.EVENT_WRITE)
            while True:
                while (frame := self._whole_frame()) is not None:
                    yield frame
                yield b"", b""
                ready = {key.fd for key, _ in selector.select(_POLL_SECONDS)}
                if questions in ready and not self._send(questions):
                    selector.unregister(questions)
                if answers in ready:
                    read = os.read(answers, _READ_BYTES)
                    if not read:
                        return
                    self._unread += read

    def _send(self, pipe: int) -> bool:
        """Sends what the process takes now; whether something is left."""
        try:
            del self._unsent[: os.write(pipe, self._unsent)]
        except BlockingIOError:
            return True
        except BrokenPipeError:  # it ended, which reading tells
            self._unsent.clear()
        return bool(self._unsent)

    def _whole_frame(self) -> tuple[bytes, bytes] | None:
        if len(self._unread) < child.HEADER.size:
            return None
        kind, length = child.HEADER.unpack_from(self._unread)
        end = child.HEADER.size + length
        if len(self._unread) < end:
            return None
        payload = bytes(self._unread[child.HEADER.size : end])
        del self._unread[:end]
        return kind, payload


def _request(question: Question, plans: Path) -> rpc_pb2.SolveRequest:
    request = rpc_pb2.SolveRequest(solver_type=_SOLVERS[question.solver], model=question.model)
    parameters = request.parameters
    parameters.random_seed = question.seed
    if question.solver == "highs":
        parameters.highs.string_options[child.PLANS_FILE] = str(plans)
        parameters.highs.string_options["parallel"] = "off"
        parameters.highs.bool_options["mip_improving_solution_save"] = True
        parameters.highs.bool_options["mip_improving_solution_report_sparse"] = True
        parameters.highs.bool_options["mip_allow_restart"] = False
        parameters.highs.double_options["mip_rel_gap"] = 0.0
        parameters.highs.double_options["mip_abs_gap"] = 0.5
        every_row = question.iterations is not None  # so that the rows are the same ones every time
        parameters.highs.double_options["mip_min_logging_interval"] = 0.0 if every_row else _SECONDS_BETWEEN_ROWS
        if question.nodes is not None:
            parameters.node_limit = question.nodes
    else:
        parameters.cp_sat.num_workers = 1
        parameters.cp_sat.linearization_level = 2
        if question.work is not None:
            parameters.cp_sat.max_deterministic_time = question.work
    if question.relaxed:
        return request
    hint = request.model_parameters.solution_hints.add().variable_values
    variables = sorted(question.hint)
    hint.ids.extend(variables)
    hint.values.extend(question.hint[variable] for variable in variables)
    return request


def _row_in(line: str, solver: Solver) -> tuple[float, int] | None:
    """Limit (ten digits) and iterations in a log line of HiGHS; CP-SAT prints too few digits to be believed."""
    match = _HIGHS_ROW.match(line) if solver == "highs" else None
    if match is None:
        return None
    try:
        return float(match[1]), int(match[2]) * _THOUSANDS[match[3]]
    except ValueError:
        return None


def _answer(result: result_pb2.SolveResultProto, watch: Watch) -> Answer:
    """Hands on the best plan of the result and reads how it ended."""
    for solution in result.solutions:
        found = solution.primal_solution.variable_values
        watch.plan(array("q", (v for v, value in zip(found.ids, found.values, strict=True) if value > 0.5)))
    bound = result.termination.objective_bounds.dual_bound
    proved = result.termination.reason == result_pb2.TERMINATION_REASON_OPTIMAL
    watch.bound(bound)
    return Answer(proved=proved)
