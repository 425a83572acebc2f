"""The process that solves: reads questions from standard input, writes what it finds and the answer to standard output.

HiGHS inside MathOpt can neither be interrupted nor report a plan while it works, so it works here, where ending
the process ends the solve. A frame is one letter, the length in four bytes, and that many bytes.
Standard output belongs to the frames alone: whatever a library prints goes to standard error.
"""

import ctypes
import os
import signal
import struct
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ortools.math_opt import callback_pb2, parameters_pb2, rpc_pb2
from ortools.math_opt.core.python import solver

QUESTION, LINE, PLAN, ANSWER, FAILURE = b"Q", b"L", b"P", b"A", b"F"
HEADER = struct.Struct(">cI")
_PARENT_DEATH_SIGNAL = 1
PLANS_FILE = "mip_improving_solution_file"


def write_frame(stream: IO[bytes], kind: bytes, payload: bytes) -> None:
    """Writes one frame and flushes."""
    stream.write(HEADER.pack(kind, len(payload)) + payload)
    stream.flush()


class PlanFile:
    """The file into which HiGHS writes each improving plan: "# Columns -n", then n lines of value and variable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._libc = ctypes.CDLL(None)

    def new(self) -> Iterator["array[int]"]:
        """The variables that are 1 in each plan completed since the last call."""
        self._libc.fflush(None)  # a C stream of the solver that nobody else flushes in time
        if not self._path.is_file():
            return
        with self._path.open() as file:
            file.seek(self._read)
            lines = file.read().split("\n")
        at = 0
        while at + 2 < len(lines) and (end := at + 2 + abs(int(lines[at + 1].split()[-1]))) < len(lines):
            pairs = (line.split() for line in lines[at + 2 : end])
            yield array("q", sorted(int(variable) for value, variable in pairs if float(value) > 0.5))
            self._read += sum(len(line) + 1 for line in lines[at:end])
            at = end


def solve(request: rpc_pb2.SolveRequest, answers: IO[bytes]) -> None:
    """Solves one question, writing log lines and plans on the way and the result at the end."""
    plans = PlanFile(Path(request.parameters.highs.string_options[PLANS_FILE]))
    registration = callback_pb2.CallbackRegistrationProto()

    def tell_lines(lines: list[str]) -> None:
        for plan in plans.new():
            write_frame(answers, PLAN, plan.tobytes())
        for line in lines:
            write_frame(answers, LINE, line.encode())

    def tell_event(event: callback_pb2.CallbackDataProto) -> callback_pb2.CallbackResultProto:
        found = event.primal_solution_vector
        ones = (variable for variable, value in zip(found.ids, found.values, strict=True) if value > 0.5)
        write_frame(answers, PLAN, array("q", ones).tobytes())
        return callback_pb2.CallbackResultProto()

    interruptible = request.solver_type == parameters_pb2.SOLVER_TYPE_CP_SAT
    if interruptible:
        registration.request_registration.append(callback_pb2.CALLBACK_EVENT_MIP_SOLUTION)
    result = solver.solve(
        request.model,
        request.solver_type,
        request.initializer,
        request.parameters,
        request.model_parameters,
        tell_lines,
        registration,
        tell_event if interruptible else None,
        None,
    )
    write_frame(answers, ANSWER, result.SerializeToString())


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answers every question (a serialised SolveRequest) until the input ends."""
    while len(header := questions.read(HEADER.size)) == HEADER.size:
        _, length = HEADER.unpack(header)
        request = rpc_pb2.SolveRequest.FromString(questions.read(length))
        try:
            solve(request, answers)
        except Exception as error:  # noqa: BLE001 - whatever the solver raises becomes an answer for the parent
            write_frame(answers, FAILURE, str(error).encode())


def end_with_the_parent() -> None:
    """Has the system end this process when the asking one is gone, even while this one is paused (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def main() -> None:
    """Keeps the real standard output for frames and lends standard error to the libraries."""
    end_with_the_parent()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
