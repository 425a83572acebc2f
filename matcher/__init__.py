"""The matcher: values in, values out; no database, no web. It reads nothing but the problem it is given."""

from matcher.outcome import Outcome, SolveOptions
from matcher.problem import Problem
from matcher.solve import solve

__all__ = ["Outcome", "Problem", "SolveOptions", "solve"]
