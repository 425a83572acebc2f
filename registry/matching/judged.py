"""Verdicts of a calculation as rows, one for each pair of request and suite, so that both parties read what was judged.

A row is compact: every rule with its status, titled where it does not pass. What a rule found in words is not kept; it
is judged again from the frozen facts when somebody asks. Pairs with equal answers share one text, sent once. The rows
follow from the facts whose hash is in the trail, so they have no events of their own, like placements.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from matcher.eligibility.rule import Rule
from matcher.eligibility.table import STATUSES
from matcher.eligibility.verdicts import Verdicts
from registry import models
from registry.matching.placing import Keys
from registry.vocabulary.results import Status

MOST_PAIRS = 50_000
"""Pairs of a calculation up to which rows are written."""

EXCLUDING = frozenset({Status.FAIL, Status.UNKNOWN})

_INSERT = text(
    "insert into verdict (run_id, data_set, request_id, organisation_id, facility_id, facility_organisation_id,"
    " suite_id, status, failing, results)"
    " select :run, :data_set, asks.request, asks.owner, makes.facility, makes.owner, makes.suite,"
    " said.status, string_to_array(said.failing, ','), said.results"
    " from unnest(cast(:request_id as uuid[]), cast(:organisation_id as uuid[]))"
    " with ordinality as asks(request, owner, i)"
    " cross join unnest(cast(:suite_id as uuid[]), cast(:facility_id as uuid[]),"
    " cast(:facility_organisation_id as uuid[])) with ordinality as makes(suite, facility, owner, j)"
    " join unnest(cast(:numbers as int[])) with ordinality as pair(number, k)"
    " on pair.k = (asks.i - 1) * :suites + makes.j"
    " join (select one ->> 'status' as status, one ->> 'failing' as failing, one -> 'results' as results, number"
    " from jsonb_array_elements(cast(:said as jsonb)) with ordinality as each(one, number))"
    " as said on said.number = pair.number"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rules said, as pairs share it: the worst status, the rules that exclude, and each rule's compact result."""

    status: Status
    failing: tuple[str, ...]
    results: tuple[dict[str, str], ...]


def keep_verdicts(session: Session, run: models.Run, keys: Keys, verdicts: Verdicts) -> int:
    """Write the rows of a calculation and return how many; none where there are more than `MOST_PAIRS` pairs."""
    if not 0 < len(verdicts) <= MOST_PAIRS:
        return 0
    known: dict[tuple[int, ...], int] = {}
    numbers = [known.setdefault(codes, len(known) + 1) for codes in judged(verdicts)]
    said = [answer_of(verdicts.rules, codes) for codes in known]
    requests = [keys.of_request(request.id) for request in verdicts.requests]
    suites = [keys.of_suite(where.suite.id) for where in verdicts.places]
    session.execute(
        _INSERT,
        {
            "run": run.id,
            "data_set": run.data_set.value,
            **{name: [row[name] for row in requests] for name in requests[0]},
            **{name: [row[name] for row in suites] for name in suites[0]},
            "suites": len(suites),
            "numbers": numbers,
            "said": json.dumps(
                [{"status": one.status.value, "failing": ",".join(one.failing), "results": one.results} for one in said]
            ),
        },
    )
    return len(numbers)


def judged(verdicts: Verdicts) -> Iterator[tuple[int, ...]]:
    """Yield the code of every rule in the order of the catalogue, pair by pair: request by request, suite by suite."""
    for number in range(len(verdicts.requests)):
        codes = [verdicts.answers[rule.id].block(number, number + 1)[0].tolist() for rule in verdicts.rules]
        yield from zip(*codes, strict=True)


def answer_of(rules: Sequence[Rule], codes: Sequence[int]) -> Answer:
    """Return what codes, one a rule, say."""
    said = [(rule, STATUSES[code]) for rule, code in zip(rules, codes, strict=True)]
    return Answer(
        STATUSES[max(codes)],
        tuple(rule.id for rule, status in said if status in EXCLUDING),
        tuple(
            {"rule": rule.id, "status": status.value} | ({} if status is Status.PASS else {"title": rule.title})
            for rule, status in said
        ),
    )
