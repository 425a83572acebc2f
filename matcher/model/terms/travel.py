"""Travel, in the units the options state."""

from matcher.model.linear import Linear
from matcher.model.variables import Variables


def expression(variables: Variables) -> Linear:
    """Σ `travel` of the options of the placed batches."""
    total = Linear()
    for number, start in enumerate(variables.starts):
        total.add(number, start.option.travel)
    return total
