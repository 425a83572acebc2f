"""The smallest share of placed weight over the groups, in thousandths."""

from matcher.measure import fairness_totals
from matcher.model.linear import Linear
from matcher.model.variables import Variables


def expression(variables: Variables) -> Linear:
    """A whole number that no group's 1000 · placed ÷ total falls short of; 0 when no group is left."""
    totals = fairness_totals(variables.problem)
    if not totals:
        return Linear()
    lowest = variables.model.add_variable(0, 1000)
    placed: dict[str, list[tuple[int, int]]] = {group: [] for group in totals}
    for number, start in enumerate(variables.starts):
        if start.request.group is not None:
            placed[start.request.group].append((number, 1000 * start.request.weight_of(start.batch)))
    variables.derive(
        lowest,
        lambda values: min(
            sum(weight * values[number] for number, weight in placed[group]) // totals[group] for group in totals
        ),
    )
    for group in sorted(placed):
        variables.model.add_row([*placed[group], (lowest, -totals[group])], lower=0)
    return Linear({lowest: 1})
