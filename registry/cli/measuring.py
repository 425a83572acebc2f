"""`python -m registry.cli.measuring`: how long all explanations of the rehearsal take, with their words."""

import argparse
from datetime import date, datetime
from functools import partial

from matcher.bench.clock import line, say, took
from matcher.bench.explaining import Measured, bench_explanations
from matcher.facts import Facts
from registry.matching.disclosure import Withheld, released
from registry.matching.explanation import Reader
from registry.rehearsal import build_rehearsal, read_facilities, read_trials
from registry.rehearsing import SEED, shipped_sources


def rehearsal_facts(today: date) -> Facts:
    """The round that `gmphub demo` makes of the files that come with the software; no database."""
    sources = shipped_sources()
    return build_rehearsal(read_facilities(sources.facilities), read_trials(sources.trials), SEED, today).facts


def measure(facts: Facts, effort: int) -> Measured:
    """Measure and print the explanations of a round, then how long checking and writing them for each reader takes."""
    found = bench_explanations(facts, effort)
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
    """Measure the rehearsal; 1 when a time is missed."""
    parser = argparse.ArgumentParser(prog="gmphub bench explain", description="Measure explanations.")
    parser.add_argument("--effort", type=int, default=5)
    asked = parser.parse_args()
    return 0 if measure(rehearsal_facts(datetime.now().astimezone().date()), asked.effort).kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
