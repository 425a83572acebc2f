"""`python -m registry.cli.measuring`: how long all explanations take, with their words, of the rehearsal's demand.

First of a round like size S, of which times are wanted, then of the whole rehearsal, for comparison.
"""

import argparse
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from matcher.bench.clock import line, say, took
from matcher.bench.explaining import Measured, bench_explanations
from matcher.eligibility import judge
from matcher.facts import Facts
from matcher.generate import SIZES
from registry.matching.disclosure import Withheld, released
from registry.matching.explanation import Reader
from registry.rehearsal import build_rehearsal, read_facilities, read_trials
from registry.rehearsing import SEED, shipped_sources


def rehearsal_facts(today: date) -> Facts:
    """The round that `gmphub demo` makes of the files that come with the software; no database."""
    sources = shipped_sources()
    return build_rehearsal(read_facilities(sources.facilities), read_trials(sources.trials), SEED, today).facts


def round_of(facts: Facts, requests: int, facilities: int) -> Facts:
    """The requests with most batches, and of the facilities those with most suites that could serve a request."""
    largest = sorted(facts.requests, key=lambda request: -len(request.batches))[:requests]
    asked = {request.id for request in largest}
    verdicts = judge(facts)
    judged = [request.id for request in verdicts.requests if request.id in asked]
    able = Counter(where.facility.id for request in judged for where in verdicts.option_suites(request))
    ablest = sorted(facts.facilities, key=lambda facility: -able[facility.id])[:facilities]
    there = {facility.id for facility in ablest}
    return replace(
        facts,
        requests=tuple(request for request in facts.requests if request.id in asked),
        facilities=tuple(facility for facility in facts.facilities if facility.id in there),
    )


def measure(facts: Facts, effort: int, *, limited: bool = True) -> Measured:
    """Measure and print the explanations of a round, then how long checking and writing them for each reader takes."""
    found = bench_explanations(facts, effort, limited=limited)
    for reader in Reader:
        withheld, needed = took(
            f"checked again and put into words for the {reader.value}", partial(_withheld, found, reader)
        )
        say(f"{line(needed)}   withheld: {withheld}")
    return found


def _withheld(found: Measured, reader: Reader) -> int:
    """Put every explanation into words and count those that are not given."""
    return sum(isinstance(released(found.done, one, reader), Withheld) for one in found.explained)


def main() -> int:
    """Measure both rounds; 1 when a time is missed that is wanted of the smaller one."""
    parser = argparse.ArgumentParser(prog="gmphub bench explain", description="Measure explanations.")
    parser.add_argument("--effort", type=int, default=5)
    asked = parser.parse_args()
    whole = rehearsal_facts(datetime.now().astimezone().date())
    small = SIZES["S"]
    say("A round like size S, of the rehearsal's demand and facilities:")
    kept = measure(round_of(whole, small.requests, small.facilities), asked.effort).kept
    say("\nThe whole rehearsal, for comparison:")
    measure(whole, asked.effort, limited=False)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
