"""The hard rules of the problem format as rows, one file per subject."""

from matcher.model.rules import all_or_nothing, families, once, order, placement, places, proportion, resources, sites
from matcher.model.variables import Variables


def add_rules(variables: Variables) -> None:
    """Adds every hard rule to the model of `variables`; the admissible starts are its columns already."""
    placement.add(variables)
    places.add(variables)
    families.add(variables)
    resources.add(variables, once.add(variables))
    sites.add(variables)
    proportion.add(variables)
    all_or_nothing.add(variables)
    order.add(variables)
