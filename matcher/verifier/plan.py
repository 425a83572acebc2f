"""The placements of an outcome, looked up in the problem; what cannot be looked up is a finding."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from matcher.verifier.formats import check_placement
from matcher.verifier.problem import Batch, Option, Problem, Request
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding
from matcher.verifier.starts import batch_starts, option_starts


@dataclass(frozen=True, slots=True)
class Placed:
    """A batch on an option at a start."""

    request: Request
    batch: Batch
    option: Option
    facility: str
    start: int

    @property
    def end(self) -> int:
        """The first tick after the stay."""
        return self.start + self.option.duration

    @property
    def label(self) -> str:
        """The stay by its ids, for findings."""
        return f"batch {shown(self.batch.id)} of request {shown(self.request.id)}"


Plan = Mapping[str, tuple[Placed, ...]]
"""Request id → its placements, each batch once; requests without placements are left out."""


def read_plan(problem: Problem, rows: list[Any]) -> tuple[Plan, list[Finding]]:
    """Return the placements that name what exists, and findings on all others, on order and on repetition."""
    findings: list[Finding] = []
    plan: dict[str, dict[str, Placed]] = {}
    names = [(row["request"], row["batch"]) for row in rows if not check_placement(row)]
    if names != sorted(names):
        findings.append(Finding("order", "placements are not sorted by request, then batch", "unsorted", "sorted"))
    for row in rows:
        if check_placement(row):
            continue  # already found by the check of shape
        unknown = _unknown(problem, row)
        if unknown is not None:
            findings.append(unknown)
            continue
        request = problem.requests[row["request"]]
        option = request.options[row["suite"]]
        facility = problem.suites[option.suite].facility
        placed = Placed(request, request.batches[row["batch"]], option, facility, row["start"])
        if placed.batch.id in plan.setdefault(request.id, {}):
            findings.append(Finding("twice", f"{placed.label} is placed more than once", "again", "at most once"))
            continue
        plan[request.id][placed.batch.id] = placed
        findings += _start(problem, placed)
    return {name: tuple(rows.values()) for name, rows in plan.items()}, findings


def _unknown(problem: Problem, row: Mapping[str, str]) -> Finding | None:
    request = problem.requests.get(row["request"])
    if request is None:
        return Finding("unknown", "a placement names a request that is not there", shown(row["request"]), "a request")
    where = f"a placement of request {shown(request.id)}"
    if row["batch"] not in request.batches:
        return Finding("unknown", f"{where} names a batch that is not there", shown(row["batch"]), "one of its batches")
    if row["suite"] not in problem.suites:
        return Finding("unknown", f"{where} names a suite that is not there", shown(row["suite"]), "a suite")
    if row["suite"] not in request.options:
        return Finding("start", f"{where} is in a suite it has no option for", shown(row["suite"]), "an option")
    return None


def _start(problem: Problem, placed: Placed) -> Iterator[Finding]:
    openings = problem.suites[placed.option.suite].open
    windows = placed.option.windows
    inside = any(max(first, 0) <= placed.start and placed.end <= min(last, problem.horizon) for first, last in openings)
    allowed = windows is None or any(first <= placed.start <= last for first, last in windows)
    if not (inside and allowed and placed.batch.earliest <= placed.start <= placed.batch.latest):
        spans = batch_starts(option_starts(problem, placed.option), placed.batch)
        where = f"{placed.label} does not start admissibly in suite {shown(placed.option.suite)}"
        listed = ", ".join(f"{first} to {last}" for first, last in spans[:5])
        yield Finding("start", where, str(placed.start), listed or "no start is admissible")
