"""The calendar of everything fixed, asked about one request: what fits, and whether onboarding fits in the end."""

from dataclasses import replace
from functools import cached_property

from matcher.admissible import taken, uses_of
from matcher.lookup import lookup
from matcher.occupancy import Occupancy
from matcher.outcome import Placement
from matcher.problem import Batch, FacilityId, Option, Problem, Request, ResourceId, Use

Amounts = dict[tuple[ResourceId, int], int]


class Alone:
    """A problem of one request and its calendar; `steps` counts down with every question.

    The calendar leaves `once` uses out, because a later added, earlier start may move them: a search would miss plans.
    `onboarding_fits` weighs them on the finished stays.
    """

    def __init__(self, problem: Problem, steps: int) -> None:
        (self.asked,) = problem.requests
        self.problem, self.steps = problem, steps
        self.found = lookup(problem)
        options = tuple(_without_once(option) for option in self.asked.options)
        self.onboards = options != self.asked.options
        self.request: Request = replace(self.asked, options=options) if self.onboards else self.asked
        self.calendar = Occupancy(replace(problem, requests=(self.request,)) if self.onboards else problem)

    @cached_property
    def booked(self) -> Amounts:
        """What the bookings take from each resource and period."""
        booked: Amounts = {}
        for one in self.problem.bookings:
            for name, index, amount in taken(
                one.uses, (one.start, one.end), self.problem.horizon, self.found.resources
            ):
                booked[name, index] = booked.get((name, index), 0) + amount
        return booked

    def facility_of(self, option: Option) -> FacilityId:
        """The facility of an option."""
        return self.found.facility_of(option)

    def fits(self, batch: Batch, option: Option, start: int) -> bool:
        """Whether the batch fits at an admissible start beside everything fixed and what was added."""
        self.steps -= 1
        return self.calendar.fits(self.request, batch, option, start)

    def fits_first(self, batch: Batch, option: Option, start: int) -> bool:
        """As `fits`, the batches that it comes after taken as placed in good time."""
        loose = batch if batch.after is None else replace(batch, after=None)
        return self.calendar.fits(self.request, loose, option, start)

    def onboarding_fits(self, stays: list[Placement]) -> bool:
        """Whether the resources carry these stays with their `once` uses in the period of the earliest start."""
        amounts = self._once(stays) if self.onboards else {}
        if not amounts:
            return True
        for stay in stays:
            option = self.found.options[stay.request, stay.suite]
            for name, index, amount in uses_of(option, stay.start, self.problem.horizon, self.found.resources):
                amounts[name, index] = amounts.get((name, index), 0) + amount
        return all(
            self.booked.get(key, 0) + amount <= self.found.resources[key[0]].capacity[key[1]]
            for key, amount in amounts.items()
        )

    def _once(self, stays: list[Placement]) -> Amounts:
        earliest: dict[FacilityId, int] = {}
        largest: dict[ResourceId, Use] = {}
        for stay in stays:
            option = self.found.options[stay.request, stay.suite]
            facility = self.facility_of(option)
            earliest[facility] = min(stay.start, earliest.get(facility, stay.start))
            for use in option.uses:
                if use.at == "once" and (use.resource not in largest or largest[use.resource].amount < use.amount):
                    largest[use.resource] = use
        resources = self.found.resources
        return {
            (name, earliest[resources[name].facility] // resources[name].period): use.amount
            for name, use in largest.items()
        }


def _without_once(option: Option) -> Option:
    if all(use.at != "once" for use in option.uses):
        return option
    return replace(option, uses=tuple(use for use in option.uses if use.at != "once"))
