"""Every pair at once: each rule's answers as small arrays, one row per distinct question, one column per distinct offer.

A rule sees only what is asked and what is offered, so requests with equal questions and suites with equal offers share
an answer, and the plain function is called once for each combination. Periods and distances, where nearly every pair
differs, are compared with NumPy in `dated_table` and `distance_table`.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility.dated import Basis, Demand
from matcher.eligibility.rule import NO_TIE, Asks, Demands, Offers, Round, Rule, Tie, Where, finding_of
from matcher.facts import Request
from registry.vocabulary.results import Status

Codes = NDArray[np.uint8]
Index = NDArray[np.intp]

STATUSES = (Status.PASS, Status.CONDITIONAL, Status.UNKNOWN, Status.FAIL)
"""From best to worst; the code of a status is its place here."""

BLOCK = 512
"""Requests whose codes are unfolded at a time."""

CODE = {status: code for code, status in enumerate(STATUSES)}


@dataclass(frozen=True)
class Answers:
    """Codes of one rule: pair (i, j) has `codes[rows[i], columns[j]]`, unless `exceptions` says otherwise."""

    codes: Codes
    rows: Index
    columns: Index
    exceptions: dict[tuple[int, int], int] = field(default_factory=dict)
    """By (request, suite), in the order of the requests."""

    def code(self, request: int, suite: int) -> int:
        """The code of one pair."""
        special = self.exceptions.get((request, suite))
        return int(self.codes[self.rows[request], self.columns[suite]]) if special is None else special

    def block(self, first: int, last: int) -> Codes:
        """The codes of requests `first` to `last` (out) and every suite."""
        block: Codes = self.codes[self.rows[first:last]].take(self.columns, axis=1)
        requests, suites, codes = self.between(first, last)
        block[requests - first, suites] = codes
        return block

    def between(self, first: int, last: int) -> tuple[Index, Index, Codes]:
        """The exceptions of requests `first` to `last` (out): requests, suites and codes."""
        requests, suites, codes = self._special
        begin, end = np.searchsorted(requests, [first, last])
        return requests[begin:end], suites[begin:end], codes[begin:end]

    def at(self, requests: Index, suites: Index) -> Codes:
        """The codes of pairs given by two lists of numbers."""
        codes: Codes = self.codes[self.rows[requests], self.columns[suites]]
        if self.exceptions:
            for k, pair in enumerate(zip(requests.tolist(), suites.tolist(), strict=True)):
                codes[k] = self.exceptions.get(pair, codes[k])
        return codes

    @cached_property
    def _special(self) -> tuple[Index, Index, Codes]:
        pairs = np.array(list(self.exceptions), dtype=np.intp).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1], np.array(list(self.exceptions.values()), dtype=np.uint8)


class Sides:
    """The two sides of a round, with the distinct questions and offers of every rule, found once."""

    def __init__(self, circle: Round, requests: Sequence[Request], places: Sequence[Where]) -> None:
        self.circle, self.requests, self.places = circle, tuple(requests), tuple(places)
        self._asked: dict[Asks, tuple[list[Hashable], Index]] = {}
        self._offered: dict[Offers, tuple[list[Hashable], Index]] = {}
        self._demands: dict[Demands, list[Demand]] = {}

    def asked(self, rule: Rule) -> tuple[list[Hashable], Index]:
        """The different questions of a rule, nothing linked yet, and for each request the number of its question."""
        if rule.asks not in self._asked:
            self._asked[rule.asks] = distinct(rule.asks(request, self.circle, NO_TIE) for request in self.requests)
        return self._asked[rule.asks]

    def offered(self, rule: Rule) -> tuple[list[Hashable], Index]:
        """The different offers to a rule, and for each suite the number of its offer."""
        if rule.offers not in self._offered:
            self._offered[rule.offers] = distinct(rule.offers(where, self.circle) for where in self.places)
        return self._offered[rule.offers]

    def demands(self, demand: Demands) -> list[Demand]:
        """What each request demands of the periods of a rule about time."""
        if demand not in self._demands:
            self._demands[demand] = [demand(request) for request in self.requests]
        return self._demands[demand]


def distinct(keys: Iterable[Hashable]) -> tuple[list[Hashable], Index]:
    """The different keys in order of appearance, and for each entry the number of its key."""
    numbers: dict[Hashable, int] = {}
    index = [numbers.setdefault(key, len(numbers)) for key in keys]
    return list(numbers), np.array(index, dtype=np.intp)


def plain_answers(rule: Rule, sides: Sides) -> Answers:
    """The answers of a rule without periods: its own function on every distinct question and offer."""
    asked, rows = sides.asked(rule)
    offered, columns = sides.offered(rule)
    codes = np.zeros((len(asked), len(offered)), dtype=np.uint8)
    for i, question in enumerate(asked):
        for j, offer in enumerate(offered):
            found = rule.check(question, offer)
            if isinstance(found, Basis):
                raise TypeError(f"rule {rule.id} answers with periods and has no demand")
            codes[i, j] = CODE[found.status]
    return Answers(codes, rows, columns)


def worst_of(all_answers: Iterable[Answers], requests: int, suites: int) -> Codes:
    """The worst code of each pair, requests × suites; rules that share their columns are put together first.

    Blocks are turned to suites × requests while they are made: then whole rows of memory are copied, not single codes.
    """
    groups: dict[int, list[Answers]] = {}
    apart = []
    for answers in all_answers:
        if answers.exceptions:
            apart.append(answers)
        elif answers.codes.any():
            groups.setdefault(id(answers.columns), []).append(answers)
    together = [_put_together(group) for group in groups.values()]
    worst = np.zeros((requests, suites), dtype=np.uint8)
    for first in range(0, requests, BLOCK):
        last = min(first + BLOCK, requests)
        turned = np.zeros((suites, last - first), dtype=np.uint8)
        for group in together:
            np.maximum(turned, _turned(group, first, last), out=turned)
        for answers in apart:
            codes = _turned([answers], first, last)
            numbers, where, special = answers.between(first, last)
            codes[where, numbers - first] = special
            np.maximum(turned, codes, out=turned)
        worst[first:last] = turned.T
    return worst


def _put_together(group: Iterable[Answers]) -> list[Answers]:
    """Answers with equal columns, those with equal rows too made one."""
    merged: dict[int, Answers] = {}
    for answers in group:
        known = merged.get(id(answers.rows))
        codes = answers.codes if known is None else np.maximum(known.codes, answers.codes)
        merged[id(answers.rows)] = Answers(codes, answers.rows, answers.columns)
    return list(merged.values())


def _turned(group: Sequence[Answers], first: int, last: int) -> Codes:
    """The worst codes of answers with equal columns, suites × requests `first` to `last` (out)."""
    offers = group[0].codes[group[0].rows[first:last]]
    for answers in group[1:]:
        np.maximum(offers, answers.codes[answers.rows[first:last]], out=offers)
    codes: Codes = np.ascontiguousarray(offers.T)[group[0].columns]
    return codes


def ties_of(
    request: Request, places: Sequence[Where], at_site: dict[str, list[int]], at_facility: dict[str, list[int]]
) -> dict[int, Tie]:
    """The suites (by number) to which something already links the request."""
    pairs = {pair.site: pair for pair in request.pairs}
    suites = {j for site in pairs for j in at_site.get(site, ())}
    suites |= {j for facility in request.excluded for j in at_facility.get(facility, ())}
    return {
        j: Tie(pairs.get(places[j].site.id), excluded=places[j].facility.id in request.excluded) for j in sorted(suites)
    }


def tied_codes(rule: Rule, sides: Sides, ties: Sequence[dict[int, Tie]]) -> dict[tuple[int, int], int]:
    """The codes of the pairs that are linked already, from the plain function."""
    circle, requests, places = sides.circle, sides.requests, sides.places
    known: dict[tuple[Hashable, Hashable], int] = {}
    codes = {}
    for i, linked in enumerate(ties):
        for j, tie in linked.items():
            if rule.demand is not None:
                codes[i, j] = CODE[finding_of(rule, circle, requests[i], places[j], tie).status]
                continue
            key = rule.asks(requests[i], circle, tie), rule.offers(places[j], circle)
            if key not in known:
                known[key] = CODE[finding_of(rule, circle, requests[i], places[j], tie).status]
            codes[i, j] = known[key]
    return codes
