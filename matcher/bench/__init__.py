"""Measuring the matcher against its own limit, the baseline and a plain CP-SAT model, in one run."""

from matcher.bench.matching import Measured, bench_matcher

__all__ = ["Measured", "bench_matcher"]
