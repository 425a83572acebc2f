"""V13: every request is placed, set aside, or told reasons that really stand in the way."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from matcher.verifier.bundle.facts import Snapshot
from matcher.verifier.bundle.room import Room
from matcher.verifier.plan import Plan
from matcher.verifier.problem import Problem, Request
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding

LIMITS = {"no-room": "places", "other-product-in-the-room": "family"}
"""Reasons about the plan whose obstacle has a name of its own; other limits are those of a resource."""


def check_reasons(
    problem: Problem, plan: Plan, snapshot: Snapshot, verdicts: Any, told: dict[str, Any]
) -> list[Finding]:
    """Return requests that are missing, unexplained, or told a reason that does not block."""
    aside = {row["request"] for row in verdicts["set_aside"] if row["reasons"]}
    findings = [*_accounted(problem, snapshot, aside), *_judged(snapshot, aside, verdicts)]
    by_request: dict[str, Any] = {one["request"]: one for one in told.values()}
    excluded = _excluded(snapshot, verdicts)
    room = Room(problem, plan)
    for request in problem.requests.values():
        waiting = [name for name in request.batches if name not in {one.batch.id for one in plan.get(request.id, ())}]
        reasons = by_request.get(request.id, {"reasons": []})["reasons"]
        if waiting and not reasons:
            where = f"request {shown(request.id)} is not wholly placed"
            findings.append(Finding("V13 reasons", where, "no reason", "a reason"))
        for reason in reasons if waiting else ():
            findings += _reason(room, request, waiting, reason, excluded)
    return findings


def _accounted(problem: Problem, snapshot: Snapshot, aside: set[str]) -> Iterator[Finding]:
    for row, number in Counter(request["id"] for request in snapshot.document["requests"]).items():
        if (row in problem.requests) == (row in aside) or (number > 1 and row not in aside):
            found = f"in the problem: {row in problem.requests}, set aside: {row in aside}, {number} times"
            yield Finding(
                "V13 complete", f"request {shown(row)}", found, "once in the problem or set aside with reasons"
            )


def _judged(snapshot: Snapshot, aside: set[str], verdicts: Any) -> Iterator[Finding]:
    found = Counter((row["request"], row["suite"]) for row in verdicts["pairs"])
    wanted = {(request, suite) for request in snapshot.requests if request not in aside for suite in snapshot.suites}
    for request, suite in sorted(wanted | found.keys()):
        number, right = found[request, suite], int((request, suite) in wanted)
        if number == right:
            continue
        where = f"verdicts on request {shown(request)} in suite {shown(suite)}"
        yield Finding("V13 verdicts", where, str(number), str(right))


def _excluded(snapshot: Snapshot, verdicts: Any) -> dict[tuple[str, str], set[str]]:
    """Return (request, rule) → facilities of which no suite passes the rule."""
    against: dict[tuple[str, str], Counter[str]] = {}
    for row in verdicts["pairs"]:
        facility = snapshot.suites[row["suite"]].facility["id"]
        for rule in {*row["fail"], *row["unknown"]}:
            against.setdefault((row["request"], rule), Counter())[facility] += 1
    suites = Counter(where.facility["id"] for where in snapshot.suites.values())
    return {key: {name for name in count if count[name] == suites[name]} for key, count in against.items()}


def _reason(
    room: Room, request: Request, waiting: list[str], reason: Any, excluded: dict[tuple[str, str], set[str]]
) -> Iterator[Finding]:
    rule, claimed = reason["rule"], reason["facilities"]
    if any(key[1] == rule for key in excluded):
        there = len(excluded.get((request.id, rule), ()))
    else:
        there = len(_closed(room, request, waiting, rule))
    if not 1 <= claimed <= there:
        where = f"request {shown(request.id)} is told {shown(rule)}"
        yield Finding("V13 reason", where, f"{claimed} facilities", f"1 to {there}, where it really stands in the way")


def _closed(room: Room, request: Request, waiting: list[str], rule: str) -> set[str]:
    """Return the facilities where a reason about the plan is true of some start of a batch that waits."""
    found: set[str] = set()
    used = {one.facility for one in room.plan.get(request.id, ())}.union(request.held)
    for option in request.options.values():
        facility = room.problem.suites[option.suite].facility
        starts = [
            (request.batches[name], start) for name in waiting for start in room.starts(request.batches[name], option)
        ]
        blocks = [room.blocks(request, batch, option, start) for batch, start in starts]
        free = any(not block for block in blocks)
        true = {
            "no-start-in-time": not starts,
            "facilities-per-request": len(used | {facility}) > request.max_sites,
            "all-or-nothing": request.all_or_nothing and len(request.batches) > 1,
            "batch-sequence": any(request.batches[name].after is not None for name in waiting),
            "outweighed": free,
        }
        if true.get(rule, any(LIMITS.get(rule, "resource") in block for block in blocks)):
            found.add(facility)
    return found
