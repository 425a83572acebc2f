"""The verdicts of a round: a status for every pair at once, the results of its rules when somebody asks for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.eligibility.allowed import allowed_days
from matcher.eligibility.dated_table import Late, dated_answers, late_codes, late_pairs
from matcher.eligibility.distance_table import distance_answers
from matcher.eligibility.needs import whole_stay
from matcher.eligibility.quarantine import SetAside
from matcher.eligibility.rule import NO_TIE, Round, Rule, Tie, Where, finding_of, result_of
from matcher.eligibility.table import (
    CODE,
    STATUSES,
    Answers,
    Codes,
    Sides,
    plain_answers,
    tied_codes,
    ties_of,
    worst_of,
)
from matcher.facts import Request
from registry.vocabulary.periods import Days
from registry.vocabulary.results import RuleResult, Status

BY_DISTANCE = frozenset({"fresh-material", "shelf-life"})


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A rule that keeps a request from facilities: none of their suites passes it, by `fail` or by `unknown`."""

    rule: str
    title: str
    status: Status
    facilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A suite that only a few rules keep from a request, with their results."""

    facility: str
    suite: str
    results: tuple[RuleResult, ...]


class Verdicts(Mapping[tuple[str, str], tuple[RuleResult, ...]]):
    """Results of every rule by (request id, suite id), for the requests that were not set aside."""

    def __init__(
        self,
        rules: tuple[Rule, ...],
        circle: Round,
        requests: Sequence[Request],
        places: Sequence[Where],
        quarantined: tuple[SetAside, ...],
    ) -> None:
        self.rules, self.circle, self.quarantined = rules, circle, quarantined
        self._sides = Sides(circle, requests, places)
        self.requests, self.places = self._sides.requests, self._sides.places
        self._request = {request.id: i for i, request in enumerate(self.requests)}
        self._suite = {where.suite.id: j for j, where in enumerate(self.places)}
        at_site: dict[str, list[int]] = {}
        at_facility: dict[str, list[int]] = {}
        for j, where in enumerate(self.places):
            at_site.setdefault(where.site.id, []).append(j)
            at_facility.setdefault(where.facility.id, []).append(j)
        self._allowed: dict[tuple[int, int], tuple[Days, ...] | None] = {}
        self._ties = [ties_of(request, self.places, at_site, at_facility) for request in self.requests]

    def __getitem__(self, pair: tuple[str, str]) -> tuple[RuleResult, ...]:
        i, j = self._numbers(*pair)
        request, where, tie = self.requests[i], self.places[j], self._ties[i].get(j, NO_TIE)
        return tuple(result_of(rule, finding_of(rule, self.circle, request, where, tie)) for rule in self.rules)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((request.id, where.suite.id) for request in self.requests for where in self.places)

    def __len__(self) -> int:
        return len(self.requests) * len(self.places)

    def _numbers(self, request: str, suite: str) -> tuple[int, int]:
        return self._request[request], self._suite[suite]

    @cached_property
    def answers(self) -> dict[str, Answers]:
        """The codes of every rule, by rule id."""
        return {rule.id: self._answers(rule) for rule in self.rules}

    def _answers(self, rule: Rule) -> Answers:
        kernel = distance_answers if rule.id in BY_DISTANCE else dated_answers if rule.demand else plain_answers
        answers = kernel(rule, self._sides)
        if rule.demand is whole_stay:
            answers.exceptions.update(late_codes(rule, self._sides, self._late))
        if rule.tied:
            answers.exceptions.update(tied_codes(rule, self._sides, self._ties))
        return answers

    @cached_property
    def _late(self) -> Late:
        return late_pairs(self._sides)

    @cached_property
    def worst(self) -> Codes:
        """The worst code of each pair, requests × suites."""
        return worst_of(self.answers.values(), len(self.requests), len(self.places))

    @cached_property
    def _conditions(self) -> dict[tuple[int, int], int]:
        """How many rules of each eligible pair are conditional."""
        requests, suites = np.nonzero(self.worst <= CODE[Status.CONDITIONAL])
        count = np.zeros(requests.size, dtype=np.int64)
        for answers in self.answers.values():
            count += answers.at(requests, suites) == CODE[Status.CONDITIONAL]
        return dict(zip(zip(requests.tolist(), suites.tolist(), strict=True), count.tolist(), strict=True))

    def status(self, request: str, suite: str) -> Status:
        """The worst status of the pair's rules; fail, then unknown, then conditional, then pass."""
        return STATUSES[self.worst[self._numbers(request, suite)]]

    def code_status(self, rule: str, request: str, suite: str) -> Status:
        """The status of one rule on one pair, without its words."""
        return STATUSES[self.answers[rule].code(*self._numbers(request, suite))]

    def tie(self, request: str, suite: str) -> Tie:
        """What already links the request to the suite's site and facility."""
        i, j = self._numbers(request, suite)
        return self._ties[i].get(j, NO_TIE)

    def option_suites(self, request: str) -> tuple[Where, ...]:
        """The suites whose pairs pass every rule, or pass on conditions."""
        row = self.worst[self._request[request]]
        return tuple(self.places[j] for j in np.flatnonzero(row <= CODE[Status.CONDITIONAL]))

    def conditions(self, request: str, suite: str) -> int:
        """How many rules of an eligible pair are conditional: its open points; raises KeyError for any other pair."""
        return self._conditions[self._numbers(request, suite)]

    def allowed_starts(self, request: str, suite: str) -> tuple[Days, ...] | None:
        """The start days that the conditions with dates leave to an eligible pair; None where they leave all."""
        pair = self._numbers(request, suite)
        if pair not in self._allowed:
            i, j = pair
            dated = [rule for rule in self.rules if rule.demand and self.answers[rule.id].code(i, j)]
            tie = self._ties[i].get(j, NO_TIE)
            self._allowed[pair] = allowed_days(dated, self.circle, self.requests[i], self.places[j], tie)
        return self._allowed[pair]

    def exclusions(self, request: str) -> tuple[Exclusion, ...]:
        """For each rule, the facilities it keeps the request from; most facilities first."""
        i = self._request[request]
        found = []
        for rule in self.rules:
            row = self.answers[rule.id].block(i, i + 1)[0]
            best: dict[str, int] = {}
            for where, code in zip(self.places, row.tolist(), strict=True):
                best[where.facility.id] = min(code, best.get(where.facility.id, code))
            for status in (Status.FAIL, Status.UNKNOWN):
                facilities = tuple(facility for facility, code in best.items() if code == CODE[status])
                if facilities:
                    found.append(Exclusion(rule.id, rule.title, status, facilities))
        return tuple(sorted(found, key=lambda one: (-len(one.facilities), one.rule)))

    def near_misses(self, request: str, most: int = 5) -> tuple[NearMiss, ...]:
        """The suites of other facilities that come nearest: one a facility, fewest rules failed or unknown first."""
        i = self._request[request]
        missed = np.zeros(len(self.places), dtype=np.int64)
        for answers in self.answers.values():
            missed += answers.block(i, i + 1)[0] >= CODE[Status.UNKNOWN]
        found: dict[str, NearMiss] = {}
        for j in np.argsort(missed, kind="stable").tolist():
            where = self.places[j]
            if missed[j] and where.facility.id not in found and not self._ties[i].get(j, NO_TIE).excluded:
                results = self[request, where.suite.id]
                open_points = tuple(one for one in results if one.status in {Status.FAIL, Status.UNKNOWN})
                found[where.facility.id] = NearMiss(where.facility.id, where.suite.id, open_points)
            if len(found) == most:
                break
        return tuple(found.values())
