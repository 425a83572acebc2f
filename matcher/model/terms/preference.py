"""How far the options are from what was preferred, in the units they state."""

from matcher.model.linear import Linear
from matcher.model.variables import Variables


def expression(variables: Variables) -> Linear:
    """Σ `preference` of the options of the placed batches."""
    total = Linear()
    for number, start in enumerate(variables.starts):
        total.add(number, start.option.preference)
    return total
