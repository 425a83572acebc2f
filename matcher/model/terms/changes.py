"""How many entries of the last published plan are not kept."""

from matcher.model.linear import Linear
from matcher.model.variables import Variables


def expression(variables: Variables) -> Linear:
    """Entries of `previous` less those placed at the same suite and start; what is gone counts as changed."""
    total = Linear(constant=len(variables.problem.previous))
    kept: dict[tuple[str, str, str, int], int] = {
        (start.request.id, start.batch.id, start.suite.id, start.start): n for n, start in enumerate(variables.starts)
    }
    for was in variables.problem.previous:
        number = kept.get((was.request, was.batch, was.suite, was.start))
        if number is not None:
            total.add(number, -1)
    return total
