"""How many facilities the requests use, one count per request and facility."""

from matcher.model.linear import Linear
from matcher.model.variables import Variables


def expression(variables: Variables) -> Linear:
    """Σ site variables: at least the distinct facilities with a placement, and no more where fewer are better."""
    total = Linear()
    for site in variables.site.values():
        total.add(site, 1)
    return total
