"""Every pair at once: each rule's answers as small arrays, one row per distinct question, one column per distinct offer.

A rule sees only what is asked and what is offered, so requests with equal questions and suites with equal offers share
an answer, and the plain function is called once for each combination. Periods and distances, where nearly every pair
differs, are compared with NumPy in `dated_table` and `distance_table`.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility.dated import Basis
from matcher.eligibility.rule import NO_TIE, Round, Rule, Tie, Where, finding_of
from matcher.facts import Request
from registry.vocabulary.results import Status

Codes = NDArray[np.uint8]
Index = NDArray[np.intp]

STATUSES = (Status.PASS, Status.CONDITIONAL, Status.UNKNOWN, Status.FAIL)
"""From best to worst; the code of a status is its place here."""

CODE = {status: code for code, status in enumerate(STATUSES)}


@dataclass(frozen=True, slots=True)
class Answers:
    """Codes of one rule: pair (i, j) has `codes[rows[i], columns[j]]`, unless `exceptions` says otherwise."""

    codes: Codes
    rows: Index
    columns: Index
    exceptions: dict[tuple[int, int], int] = field(default_factory=dict)

    def code(self, request: int, suite: int) -> int:
        """The code of one pair."""
        special = self.exceptions.get((request, suite))
        return int(self.codes[self.rows[request], self.columns[suite]]) if special is None else special

    def row(self, request: int) -> Codes:
        """The codes of one request and every suite."""
        row: Codes = self.codes[self.rows[request]][self.columns]
        if self.exceptions:
            for (one, suite), code in self.exceptions.items():
                if one == request:
                    row[suite] = code
        return row

    def block(self, first: int, last: int) -> Codes:
        """The codes of requests `first` to `last` (out) and every suite."""
        block: Codes = self.codes[self.rows[first:last]][:, self.columns]
        for (request, suite), code in self.exceptions.items():
            if first <= request < last:
                block[request - first, suite] = code
        return block


def distinct(keys: Iterable[Hashable]) -> tuple[list[Hashable], Index]:
    """The different keys in order of appearance, and for each entry the number of its key."""
    numbers: dict[Hashable, int] = {}
    index = [numbers.setdefault(key, len(numbers)) for key in keys]
    return list(numbers), np.array(index, dtype=np.intp)


def plain_answers(rule: Rule, circle: Round, requests: Sequence[Request], places: Sequence[Where]) -> Answers:
    """The answers of a rule without periods: its own function on every distinct question and offer."""
    asked, rows = distinct(rule.asks(request, circle, NO_TIE) for request in requests)
    offered, columns = distinct(rule.offers(where, circle) for where in places)
    codes = np.zeros((len(asked), len(offered)), dtype=np.uint8)
    for i, question in enumerate(asked):
        for j, offer in enumerate(offered):
            found = rule.check(question, offer)
            if isinstance(found, Basis):
                raise TypeError(f"rule {rule.id} answers with periods and has no demand")
            codes[i, j] = CODE[found.status]
    return Answers(codes, rows, columns)


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


def tied_codes(
    rule: Rule, circle: Round, requests: Sequence[Request], places: Sequence[Where], ties: Sequence[dict[int, Tie]]
) -> dict[tuple[int, int], int]:
    """The codes of the pairs that are linked already, from the plain function."""
    return {
        (i, j): CODE[finding_of(rule, circle, requests[i], places[j], tie).status]
        for i, linked in enumerate(ties)
        for j, tie in linked.items()
    }
