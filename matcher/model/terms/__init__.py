"""The terms of the problem format as linear expressions, one file per term; `expression(variables, name)` by name."""

from collections.abc import Callable, Mapping

from matcher.model.linear import Linear
from matcher.model.terms import changes, cost, fairness, placed, preference, sites, travel, waiting
from matcher.model.variables import Variables

_TERMS: Mapping[str, Callable[[Variables], Linear]] = {
    "placed": placed.expression,
    "fairness": fairness.expression,
    "waiting": waiting.expression,
    "cost": cost.expression,
    "travel": travel.expression,
    "preference": preference.expression,
    "sites": sites.expression,
    "changes": changes.expression,
}
_CLASS = "placed_class_"


def expression(variables: Variables, name: str) -> Linear:
    """The term `name` of the problem format, unsigned; KeyError for a name the format does not have."""
    if name.startswith(_CLASS):
        return placed.expression(variables, int(name.removeprefix(_CLASS)))
    return _TERMS[name](variables)
