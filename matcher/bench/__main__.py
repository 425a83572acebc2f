"""`python -m matcher.bench matcher --size S --seconds 30 --seeds 5`."""

import argparse

from matcher.bench.matching import bench_matcher
from matcher.generate import SIZES


def main() -> int:
    """Run the bench that is named; prints one line a network and a summary."""
    parser = argparse.ArgumentParser(prog="gmphub bench", description="Measure the matcher on invented networks.")
    parser.add_argument("what", choices=["matcher"])
    parser.add_argument("--size", choices=list(SIZES), default="S")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    bench_matcher(asked.size, asked.seconds, asked.seeds, asked.workers)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
