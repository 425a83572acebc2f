"""Waiting, in patients times ticks."""

from matcher.model.linear import Linear
from matcher.model.variables import Variables


def expression(variables: Variables) -> Linear:
    """Σ weight · (start - earliest) over the placed batches."""
    total = Linear()
    for number, start in enumerate(variables.starts):
        total.add(number, start.request.weight_of(start.batch) * (start.start - start.batch.earliest))
    return total
