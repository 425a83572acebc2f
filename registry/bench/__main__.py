"""`python -m registry.bench search --seed 1 --repeats 21`."""

import argparse

from registry.bench.searching import bench_search
from registry.bench.thousand import FACILITIES


def main() -> int:
    """Run the bench that is named; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="gmphub bench", description="Measure the registry on generated facilities.")
    parser.add_argument("what", choices=["search"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--facilities", type=int, default=FACILITIES)
    asked = parser.parse_args()
    return 0 if bench_search(asked.seed, asked.repeats, asked.facilities) else 1


if __name__ == "__main__":
    raise SystemExit(main())
