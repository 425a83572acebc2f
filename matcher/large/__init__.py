"""When one model is too much: scarcity values, construction, small CP-SAT neighbourhoods, limits with proof."""

from matcher.large.solving import solve_large

__all__ = ["solve_large"]
