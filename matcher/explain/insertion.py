"""One request beside everything that is fixed: the most of its starts that fit, by exact search.

The search goes by sets of facilities that the request may use together, batch by batch, every start earliest first.
It is exact unless it runs out of steps; then it says so, with what it found and a limit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, islice

from matcher.admissible import admissible_starts
from matcher.explain.alone import Alone
from matcher.explain.packing import Choice, Choices, limits_from
from matcher.greedy import in_order
from matcher.outcome import Placement
from matcher.problem import Batch, BatchId, FacilityId, Option, Problem

STEPS = 40_000
"""Questions to the calendar after which a search gives up."""

TRIAL_STEPS = 10_000
"""The same for one of many trials: a change that helps is nearly always found at once, or not at all."""

MOST_SETS = 4_000
"""Sets of facilities that are looked at; where there are more, the answer may be inexact."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """The starts that fit, and a limit: no plan fits more than `most`."""

    placements: tuple[Placement, ...]
    most: int

    @property
    def starts(self) -> int:
        """How many starts fit."""
        return len(self.placements)

    @property
    def exact(self) -> bool:
        """Whether it is proved that no more fit."""
        return self.starts == self.most


def insertion(problem: Problem, *, at_least: int = 1, steps: int = STEPS) -> Insertion:
    """The most starts of the only request of `problem` beside its bookings; earliest first among the first found.

    Plans with fewer than `at_least` starts are not looked for: where no other exists, the answer has no placements
    and a limit of at most `at_least` - 1. `problem` has one request, as `matcher.explain.residual.beside` makes it.
    """
    alone = Alone(problem, steps)
    batches = in_order(alone.request)
    return most_of(alone, batches, choices_by_facility(alone, batches), at_least)


def most_of(alone: Alone, batches: list[Batch], choices: Mapping[FacilityId, Choices], at_least: int = 1) -> Insertion:
    """As `insertion`, for callers that hold the calendar and the starts that fit, perhaps of some facilities only."""
    sets, all_of_them = facility_sets(alone, choices)
    best: tuple[Placement, ...] = ()
    beat = at_least - 1
    most = beat if all_of_them else len(batches)
    for facilities in sets:
        together = _together(batches, [choices[facility] for facility in facilities])
        limits = limits_from(alone, batches, together)
        if limits[0] <= beat or (alone.request.all_or_nothing and limits[0] < len(batches)):
            continue
        search = _Search(alone, batches, together, limits, beat)
        search.go(0)
        best, beat = search.best or best, search.beat
        most = max(most, limits[0] if alone.steps < 0 else beat)
        if beat == len(batches):
            break
    return Insertion(tuple(sorted(best)), most)


def choices_by_facility(alone: Alone, batches: Iterable[Batch]) -> dict[FacilityId, dict[BatchId, list[Choice]]]:
    """For each facility and batch, the starts that fit while nothing else of the request is placed, earliest first."""
    known: dict[tuple[int, int], dict[FacilityId, list[Choice]]] = {}
    found: dict[FacilityId, dict[BatchId, list[Choice]]] = {}
    for batch in batches:
        window = batch.earliest, batch.latest
        if window not in known:
            known[window] = _choices(alone, batch)
        for facility, choices in known[window].items():
            found.setdefault(facility, {})[batch.id] = choices
    return found


def _choices(alone: Alone, batch: Batch) -> dict[FacilityId, list[Choice]]:
    found: dict[FacilityId, list[Choice]] = {}
    for option in alone.request.options:
        fitting = [
            (start, option)
            for start in admissible_starts(alone.problem, alone.request, batch, option)
            if alone.fits_first(batch, option, start)
        ]
        if fitting:
            found.setdefault(alone.facility_of(option), []).extend(fitting)
    for choices in found.values():
        choices.sort(key=lambda choice: (choice[0], choice[1].cost, choice[1].suite))
    return found


def facility_sets(alone: Alone, choices: Mapping[FacilityId, Choices]) -> tuple[list[tuple[FacilityId, ...]], bool]:
    """The largest sets of facilities the request may use together, most batches first; and whether these are all."""
    held = set(alone.request.held)
    free = alone.request.max_sites - len(held)
    if free < 0:
        return [], True
    count = {facility: sum(1 for starts in choices[facility].values() if starts) for facility in choices}
    ours = tuple(sorted(held & set(choices)))
    others = sorted((facility for facility in choices if facility not in held), key=lambda f: (-count[f], f))
    if len(others) <= free:
        return [(*ours, *others)], True
    if free == 0:
        return [ours], True
    sets = list(islice(combinations(others, free), MOST_SETS + 1))
    return [(*ours, *some) for some in sets[:MOST_SETS]], len(sets) <= MOST_SETS


def _together(batches: Iterable[Batch], of_facilities: list[Choices]) -> dict[BatchId, list[Choice]]:
    if len(of_facilities) == 1:
        return {batch.id: of_facilities[0].get(batch.id, []) for batch in batches}
    return {
        batch.id: sorted(
            (choice for choices in of_facilities for choice in choices.get(batch.id, ())),
            key=lambda choice: (choice[0], choice[1].cost, choice[1].suite),
        )
        for batch in batches
    }


class _Search:
    """Depth first over the batches: every start that fits, then leaving the batch out.

    `limits` say for each batch how many stays it and those after it can have at most.
    """

    def __init__(self, alone: Alone, batches: list[Batch], choices: Choices, limits: list[int], beat: int) -> None:
        self.alone, self.batches, self.choices = alone, batches, choices
        self.limits, self.beat = limits, beat
        self.best: tuple[Placement, ...] = ()
        self.placed: list[Placement] = []
        self.twin = _twins(batches)
        self.chosen: dict[int, tuple[int, str] | None] = {}

    def go(self, index: int) -> None:
        """Decide the batches from `index` on."""
        if self.alone.steps < 0 or len(self.placed) + self.limits[index] <= self.beat:
            return
        if index == len(self.batches):
            if self.alone.onboarding_fits(self.placed):
                self.best, self.beat = tuple(self.placed), len(self.placed)
            return
        batch, twin = self.batches[index], self.twin[index]
        least = self.chosen[twin] if twin is not None else (0, "")
        if least is not None:
            for start, option in self.choices[batch.id]:
                if (start, option.suite) >= least and self.alone.fits(batch, option, start):
                    self._with(index, batch, option, start)
                    if self.beat >= self.limits[0] or self.alone.steps < 0:
                        return
        if not self.alone.request.all_or_nothing:
            self.chosen[index] = None
            self.go(index + 1)

    def _with(self, index: int, batch: Batch, option: Option, start: int) -> None:
        stay = Placement(self.alone.request.id, batch.id, option.suite, start)
        self.alone.calendar.add(stay)
        self.placed.append(stay)
        self.chosen[index] = (start, option.suite)
        self.go(index + 1)
        self.placed.pop()
        self.alone.calendar.remove(stay)


def _twins(batches: list[Batch]) -> list[int | None]:
    """For each batch the one before it that it could change places with, None where there is none."""
    followed = {batch.after.batch for batch in batches if batch.after is not None}
    last: dict[tuple[int, int], int] = {}
    twins: list[int | None] = []
    for index, batch in enumerate(batches):
        if batch.after is not None or batch.id in followed:
            twins.append(None)
            continue
        window = batch.earliest, batch.latest
        twins.append(last.get(window))
        last[window] = index
    return twins
