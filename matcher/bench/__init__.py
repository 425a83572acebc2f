"""Measuring the matcher: plans against their own limit and a plain CP-SAT model, the table of pairs, explanations, cancelling."""

from matcher.bench.cancelling import bench_cancel
from matcher.bench.eligibility import bench_eligibility
from matcher.bench.explaining import bench_explanations
from matcher.bench.matching import Measured, bench_matcher

__all__ = ["Measured", "bench_cancel", "bench_eligibility", "bench_explanations", "bench_matcher"]
