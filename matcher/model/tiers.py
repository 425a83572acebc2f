"""The tiers of a policy as expressions to be maximised one after the other."""

import math

from matcher.measure import sign_of
from matcher.model import terms
from matcher.model.linear import Linear
from matcher.model.variables import Variables


def tier_expressions(variables: Variables) -> tuple[Linear, ...]:
    """Σ weight · term per tier, small-is-good terms with a minus; adds the variables that a term needs."""
    known: dict[str, Linear] = {}
    expressions = []
    for tier in variables.problem.policy.tiers:
        total = Linear()
        for name in sorted(tier):
            if name not in known:
                known[name] = terms.expression(variables, name)
            total.add_times(sign_of(name) * tier[name], known[name])
        expressions.append(total)
    return tuple(expressions)


def easy_bound(variables: Variables, expression: Linear) -> int:
    """A limit without any solver: every batch at the start that is best for it alone, every other variable too."""
    left = dict(expression.coefficients)
    bound = expression.constant
    for starts in variables.of_batch.values():
        allowed = (left.pop(number, 0) * variables.model.upper[number] for number in starts)
        bound += max(0, *allowed)
    model = variables.model
    for variable, coefficient in left.items():
        bound += coefficient * (model.upper[variable] if coefficient > 0 else model.lower[variable])
    return bound


def safe_bound(expression: Linear, solver_bound: float, *, exact: bool = False) -> int | None:
    """A whole number that no plan exceeds, from the solver's limit on the expression without constant ÷ divisor.

    Doubt counts upwards: only what lies clearly below the next whole number is cut off. `exact` for a solver that
    counts in whole numbers and only reports in floating point. None for no limit at all.
    """
    if not math.isfinite(solver_bound):
        return None
    slack = 1e-4 + (0.0 if exact else 1e-8 * abs(solver_bound))
    return expression.constant + expression.divisor() * math.floor(solver_bound + slack)
