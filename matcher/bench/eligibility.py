"""The table of every request and every suite, all rules at once, on drawn facts."""

from dataclasses import dataclass

import numpy as np

from matcher.bench.clock import Took, line, say, took
from matcher.bench.many import many_facts
from matcher.eligibility import judge
from matcher.eligibility.table import CODE
from registry.vocabulary.results import Status

WANTED = 10.0
"""Seconds on the wall for 10,000 requests and 1,000 facilities on a machine with nothing else to do."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A measured table: its requests (those set aside apart), suites, pairs that nothing keeps apart, and the time."""

    requests: int
    set_aside: int
    suites: int
    open_pairs: int
    took: Took


def bench_eligibility(requests: int, facilities: int, seed: int) -> Judged:
    """Judge every pair of drawn facts and print how long it took; drawing them is not counted."""
    facts = many_facts(requests, facilities, seed)
    verdicts, first = took("sides of the table, quarantine", lambda: judge(facts))
    worst, second = took("every rule on every pair", lambda: verdicts.worst)
    whole = Took("together", first.cpu + second.cpu, first.wall + second.wall, WANTED)
    done = Judged(
        requests=len(verdicts.requests),
        set_aside=len(verdicts.quarantined),
        suites=len(verdicts.places),
        open_pairs=int(np.count_nonzero(worst <= CODE[Status.CONDITIONAL])),
        took=whole,
    )
    say(
        f"{done.requests + done.set_aside} requests ({done.set_aside} set aside), {facilities} facilities, "
        f"{done.suites} suites, {len(verdicts.rules)} rules, {done.open_pairs} open pairs"
    )
    for one in (first, second, whole):
        say(line(one))
    return done
