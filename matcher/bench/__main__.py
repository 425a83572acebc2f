"""`python -m matcher.bench matcher --size S --seconds 30 --seeds 5`, `… eligibility` or `… cancel`."""

import argparse

from matcher.bench.cancelling import bench_cancel, kept
from matcher.bench.eligibility import bench_eligibility
from matcher.bench.matching import bench_matcher
from matcher.generate import SIZES


def main() -> int:
    """Run the bench that is named; 1 when what it measures takes longer than wanted."""
    parser = argparse.ArgumentParser(prog="gmphub bench", description="Measure the matcher on invented networks.")
    benches = parser.add_subparsers(dest="what", required=True)
    plans = benches.add_parser("matcher")
    plans.add_argument("--size", choices=list(SIZES), default="S")
    plans.add_argument("--seconds", type=float, default=30.0)
    plans.add_argument("--seeds", type=int, default=5)
    plans.add_argument("--workers", type=int, default=2)
    pairs = benches.add_parser("eligibility")
    pairs.add_argument("--requests", type=int, default=10_000)
    pairs.add_argument("--facilities", type=int, default=1_000)
    pairs.add_argument("--seed", type=int, default=1)
    ended = benches.add_parser("cancel")
    ended.add_argument("--size", choices=list(SIZES), default="S")
    ended.add_argument("--seeds", type=int, default=2)
    asked = parser.parse_args()
    if asked.what == "matcher":
        bench_matcher(asked.size, asked.seconds, asked.seeds, asked.workers)
        return 0
    if asked.what == "cancel":
        return 0 if kept(bench_cancel(asked.size, asked.seeds)) else 1
    return 0 if bench_eligibility(asked.requests, asked.facilities, asked.seed).took.kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
