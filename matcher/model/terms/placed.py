"""Placed weight, of all requests or of one urgency class, in patients."""

from matcher.model.linear import Linear
from matcher.model.variables import Variables


def expression(variables: Variables, urgency: int | None = None) -> Linear:
    """Σ weight of the placed batches; `urgency` limits it to the requests of that class."""
    total = Linear()
    for number, start in enumerate(variables.starts):
        if urgency is None or start.request.urgency == urgency:
            total.add(number, start.request.weight_of(start.batch))
    return total
