"""What concerns one request alone: order of its batches, its sites, all or nothing."""

from collections.abc import Iterator

from matcher.verifier.plan import Placed, Plan
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding


def check_promises(plan: Plan) -> list[Finding]:
    """Return the findings of all requests with at least one placement."""
    findings: list[Finding] = []
    for placements in plan.values():
        findings += _after(placements)
        findings += _sites(placements)
        findings += _all_or_nothing(placements)
    return findings


def _after(placements: tuple[Placed, ...]) -> Iterator[Finding]:
    by_batch = {placed.batch.id: placed for placed in placements}
    for placed in placements:
        if placed.batch.after is None:
            continue
        first = by_batch.get(placed.batch.after)
        if first is None:
            where = f"{placed.label} follows batch {shown(placed.batch.after)}"
            yield Finding("after", where, "that batch is not placed", "both or neither placed first")
        elif placed.start < first.end + placed.batch.gap:
            where = f"{placed.label} follows batch {shown(first.batch.id)}"
            yield Finding("after", where, f"start {placed.start}", f"not before {first.end + placed.batch.gap}")


def _sites(placements: tuple[Placed, ...]) -> Iterator[Finding]:
    request = placements[0].request
    sites = {placed.facility for placed in placements}.union(request.held)
    if len(sites) > request.max_sites:
        where = f"request {shown(request.id)}: {', '.join(shown(site) for site in sorted(sites))}"
        yield Finding("sites", where, f"{len(sites)} facilities", f"at most {request.max_sites}")


def _all_or_nothing(placements: tuple[Placed, ...]) -> Iterator[Finding]:
    request = placements[0].request
    if request.all_or_nothing and len(placements) < len(request.batches):
        where = f"request {shown(request.id)} wants all of its batches or none"
        yield Finding("all-or-nothing", where, f"{len(placements)} placed", f"0 or {len(request.batches)}")
