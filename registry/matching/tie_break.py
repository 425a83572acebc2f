"""Ties of an official round, broken by chance that nobody could choose afterwards.

When the round opens, the SHA-256 of a secret is published; with the result the secret itself. Two things follow from
the secret, and anybody can work them out again: the seed by which the solver chooses among plans of equal value, and
the rank of each request, SHA-256(secret || request id), smallest first. Requests that differ in nothing but the names
of request and product are served in the sequence of their ranks: the plan is kept, they only exchange places in it.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from matcher.outcome import Outcome, Placement
from matcher.problem import Batch, Option, Problem, Request


def ranked(secret: str, requests: Iterable[str]) -> tuple[str, ...]:
    """Return request ids in the sequence of SHA-256(secret || id); equal secrets give equal sequences."""
    return tuple(sorted(requests, key=lambda request: hashlib.sha256(f"{secret}{request}".encode()).digest()))


def seed_of(secret: str) -> int:
    """Return the solver's seed, the first 31 bits of SHA-256(secret || " seed")."""
    return int.from_bytes(hashlib.sha256(f"{secret} seed".encode()).digest()[:4]) >> 1


def served_by_rank(problem: Problem, outcome: Outcome, rank: Sequence[str]) -> Outcome:
    """Return the outcome with the placements of requests that are alike exchanged, best served first by rank.

    Objective, terms and bounds stay what they were. Requests named by the last published plan keep their places.
    """
    number = {request: position for position, request in enumerate(rank)}
    moved = {entry.request for entry in problem.previous}
    shared = families_shared(problem)
    alike: defaultdict[str, list[Request]] = defaultdict(list)
    for request in problem.requests:
        if request.id not in moved and request.id in number:
            alike[_substance(request, shared)].append(request)
    places: defaultdict[str, list[Placement]] = defaultdict(list)
    for placement in outcome.placements:
        places[placement.request].append(placement)
    for group in alike.values():
        if len(group) > 1:
            served = sorted((places.pop(request.id, []) for request in group), key=lambda one: _worth(group[0], one))
            for request, plan in zip(sorted(group, key=lambda one: number[one.id]), served, strict=True):
                places[request.id] = [replace(placement, request=request.id) for placement in plan]
    return replace(outcome, placements=tuple(sorted(placement for plan in places.values() for placement in plan)))


def _worth(request: Request, plan: Sequence[Placement]) -> tuple[int, list[int], list[tuple[str, str, int]]]:
    """Most patients first, then early starts, then the names of batches and suites."""
    weights = {batch.id: request.weight_of(batch) for batch in request.batches}
    total = sum(weights[placement.batch] for placement in plan)
    stays = sorted((placement.batch, placement.suite, placement.start) for placement in plan)
    return (
        -total,
        sorted(placement.start for placement in plan),
        [(str(batch), str(suite), at) for batch, suite, at in stays],
    )


def families_shared(problem: Problem) -> frozenset[str]:
    """Return the families that more than one request or a booking belongs to: for these it matters which one it is."""
    asked = Counter(request.family_or_own for request in problem.requests)
    booked = {booking.family for booking in problem.bookings if booking.family is not None}
    return frozenset(family for family, number in asked.items() if number > 1 or family in booked)


def _substance(request: Request, shared: frozenset[str]) -> str:
    """Everything of a request but its names, whatever the sequence of its lists."""
    family = request.family_or_own
    batches = sorted(request.batches, key=lambda batch: batch.id)
    options = sorted(request.options, key=lambda option: option.suite)
    promises = (request.urgency, request.group, request.max_sites, request.all_or_nothing, sorted(request.held))
    return repr((
        promises,
        family if family in shared else "",
        [(_plain(batch), request.weight_of(batch)) for batch in batches],
        [_sorted_uses(option) for option in options],
    ))  # fmt: skip


def _plain(batch: Batch) -> Batch:
    return replace(batch, weight=None)


def _sorted_uses(option: Option) -> Option:
    return replace(option, uses=tuple(sorted(option.uses, key=repr)))
