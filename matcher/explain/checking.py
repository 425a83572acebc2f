"""An explanation read again from the frozen input: every claim derived anew, by the plain rules and hard rules alone.

A claim that does not hold is a sentence; an explanation with one is withheld and reported, never shown.
"""

from collections.abc import Iterator

from matcher.eligibility.judging import judge_pair, places_of
from matcher.explain.changes import Counterfactual, Kind
from matcher.explain.conflicts import whole
from matcher.explain.explaining import Calculated, Explained
from matcher.lookup import lookup
from matcher.occupancy import plan_holds
from matcher.weeks import Weeks
from registry.vocabulary.results import Status

CLOSED = frozenset({Status.FAIL, Status.UNKNOWN})


def untrue(done: Calculated, explained: Explained) -> tuple[str, ...]:
    """Every claim of an explanation that does not hold, in plain words; empty when all of them do."""
    return (
        *_counts(done, explained),
        *_funnel(done, explained),
        *_near(done, explained),
        *_pairs(done, explained),
        *_next_best(explained),
        *_full(done, explained),
        *(fault for one in explained.what_if.counterfactuals for fault in _change(explained, one)),
        *_earliest(done, explained),
        *_conflicts(explained),
    )


def _counts(done: Calculated, explained: Explained) -> Iterator[str]:
    request = next(one for one in done.facts.requests if one.id == explained.request)
    placed = sum(placement.request == explained.request for placement in done.placements)
    if explained.asked != len(request.batches):
        yield f"{explained.asked} starts asked for, in the facts {len(request.batches)}"
    if explained.placed != placed:
        yield f"{explained.placed} starts placed, in the plan {placed}"


def _funnel(done: Calculated, explained: Explained) -> Iterator[str]:
    funnel = explained.funnel
    if funnel is None:
        return
    candidates = {where.facility.id for where in done.verdicts.option_suites(explained.request)}
    if funnel.left != len(candidates):
        yield f"the funnel leaves {funnel.left} facilities, the rules leave {len(candidates)}"
    before = funnel.facilities
    for step in funnel.steps:
        if step.left > min(before, step.alone):
            yield f"rule {step.rule} leaves {step.left} facilities of {before}, alone {step.alone}"
        before = step.left


def _near(done: Calculated, explained: Explained) -> Iterator[str]:
    request = next(one for one in done.facts.requests if one.id == explained.request)
    where = {place.suite.id: place for place in places_of(done.facts)}
    for miss in explained.near:
        place = where[miss.suite]
        said = judge_pair(done.facts, request, place.facility, place.site, place.suite)
        closed = tuple(result for result in said if result.status in CLOSED)
        if closed != miss.results:
            yield f"what keeps suite {miss.suite} out is not what the rules say"


def _pairs(done: Calculated, explained: Explained) -> Iterator[str]:
    ours = {(p.suite, p.batch) for p in done.placements if p.request == explained.request}
    said = {(pair.suite, batch) for pair in explained.pairs for batch, _ in pair.starts}
    if ours != said:
        yield "the proposed starts are not those of the plan"
    weeks = Weeks(done.facts.origin, done.facts.horizon_weeks)
    placed = {str(p.batch): p.start for p in done.placements if p.request == explained.request}
    for batch, day in (start for pair in explained.pairs for start in pair.starts):
        if weeks.holding(day) != placed.get(batch) or done.days.get((explained.request, batch), day) != day:
            yield f"the day of batch {batch} is not the one of the plan"
    without = {batch: why for (request, batch), why in done.undated.items() if request == explained.request}
    if without != {batch: why for pair in explained.pairs for batch, why in pair.undated}:
        yield "the batches without a day are not those of the plan"
    for pair in explained.pairs:
        for condition in pair.conditions:
            status = done.verdicts.code_status(condition.rule, explained.request, pair.suite)
            if status is not Status.CONDITIONAL:
                yield f"rule {condition.rule} sets no condition in suite {pair.suite}"


def _next_best(explained: Explained) -> Iterator[str]:
    best = explained.next_best
    if best is None:
        return
    if not plan_holds(best.proof, best.placements) or len(best.placements) != best.starts:
        yield "the next best does not fit beside the plan"
    if best.fewer_starts != explained.placed - best.starts:
        yield "the next best differs by another number of starts"


def _full(done: Calculated, explained: Explained) -> Iterator[str]:
    """What was full, and what holds the weeks: of facilities that are candidates, each week of each option once."""
    request = next((one for one in done.problem.requests if one.id == explained.request), None)
    placed = {placement.batch for placement in done.placements if placement.request == explained.request}
    waiting = [batch for batch in request.batches if batch.id not in placed] if request else []
    weeks, stated = 0, set[str]()
    if request and waiting:
        first, latest = min(batch.earliest for batch in waiting), max(batch.latest for batch in waiting)
        ends = (min(done.problem.horizon, latest + option.duration) for option in request.options)
        weeks = sum(max(0, end - first) for end in ends)
        suites = lookup(done.problem).suites
        stated = {suites[option.suite].facility for option in request.options}
    if stated != {facility for obstacle in explained.obstacles for facility in obstacle.facilities}:
        yield "the limits do not stand at the facilities that were candidates"
    if sum(one.weeks for one in explained.held) != weeks:
        yield f"{sum(one.weeks for one in explained.held)} weeks are held or free, of {weeks}"


def _earliest(done: Calculated, explained: Explained) -> Iterator[str]:
    earliest = explained.what_if.earliest
    if earliest is None:
        return
    yield from _change(explained, earliest.proved)
    weeks = Weeks(done.facts.origin, done.facts.horizon_weeks)
    days = [weeks.day(stay.start) for stay in earliest.proved.placements]
    change = earliest.proved.change
    if (change.kind, change.amount) != (Kind.WAITS_LONGER, earliest.weeks) or not earliest.proved.whole:
        yield "the earliest date rests on another change"
    if (min(days), max(days)) != (earliest.first, earliest.last):
        yield "the earliest date is not the one that was solved"


def proves(one: Counterfactual) -> bool:
    """Whether the stays of a change keep every rule of its own proof and are more than fit without it."""
    return plan_holds(one.proof, one.placements) and _counts_rightly(one)


def _counts_rightly(one: Counterfactual) -> bool:
    return one.now < len(one.placements) == one.starts <= one.asked


def _change(explained: Explained, one: Counterfactual) -> Iterator[str]:
    if not plan_holds(one.proof, one.placements):
        yield f"the change {one.change.kind} does not fit beside the plan"
    if not _counts_rightly(one):
        yield f"the change {one.change.kind} counts its starts wrongly"
    if one.request != explained.request:
        yield "a change of another request"


def _conflicts(explained: Explained) -> Iterator[str]:
    for group in explained.what_if.conflicts:
        if group.request != explained.request or whole(group.proof) is not False:
            yield f"the limits {', '.join(group.limits)} do not keep the request out"
