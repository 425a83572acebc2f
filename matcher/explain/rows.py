"""The codes of every rule for one request, read from the verdicts of a round in blocks."""

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility.rule import NO_TIE, Rule, Where, finding_of, result_of
from matcher.eligibility.table import BLOCK, CODE, Codes
from matcher.eligibility.verdicts import Verdicts
from matcher.facts import Request
from registry.vocabulary.results import RuleResult, Status

CLOSED_FROM = CODE[Status.UNKNOWN]
"""Codes from here on keep a pair out: unknown, and fail."""


class Rows:
    """Rules × suites for each request; a block of requests is unfolded once and kept while it is asked for."""

    def __init__(self, verdicts: Verdicts) -> None:
        self.verdicts = verdicts
        self.facilities = tuple(dict.fromkeys(where.facility.id for where in verdicts.places))
        self._number = {request.id: i for i, request in enumerate(verdicts.requests)}
        number = {facility: index for index, facility in enumerate(self.facilities)}
        of_suite = np.array([number[where.facility.id] for where in verdicts.places], dtype=np.intp)
        self._by_facility = np.argsort(of_suite, kind="stable")
        self._first_suite = np.searchsorted(of_suite[self._by_facility], np.arange(len(self.facilities)))
        self._first = -1
        self._block: list[Codes] = []

    def holds(self, request: str) -> bool:
        """Whether the request was judged at all (it was not set aside)."""
        return request in self._number

    def request(self, request: str) -> Request:
        """The facts of a judged request; raises KeyError for any other."""
        return self.verdicts.requests[self._number[request]]

    def of(self, request: str) -> list[Codes]:
        """The codes of one request: a row of suites for each rule, in the sequence of the catalogue."""
        number = self._number[request]
        first = number - number % BLOCK
        if first != self._first:
            last = min(first + BLOCK, len(self.verdicts.requests))
            self._block = [self.verdicts.answers[rule.id].block(first, last) for rule in self.verdicts.rules]
            self._first = first
        return [codes[number - first] for codes in self._block]

    def facilities_with(self, suites: NDArray[np.bool_]) -> list[int]:
        """For each row of suites, how many facilities have one that is marked."""
        if not self.facilities:
            return [0] * len(suites)
        marked = np.logical_or.reduceat(suites[:, self._by_facility], self._first_suite, axis=1)
        counts: list[int] = np.count_nonzero(marked, axis=1).tolist()
        return counts

    def result(self, rule: Rule, request: str, where: Where) -> RuleResult:
        """What one rule says about one pair, with its words."""
        tie = self.verdicts.tie(request, where.suite.id) if self.holds(request) else NO_TIE
        return result_of(rule, finding_of(rule, self.verdicts.circle, self.request(request), where, tie))
