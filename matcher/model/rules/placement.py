"""Each batch at most once."""

from matcher.model.variables import Variables


def add(variables: Variables) -> None:
    """One row per batch: Σ its starts ≤ 1."""
    for starts in variables.of_batch.values():
        if len(starts) > 1:
            variables.model.add_row(((start, 1) for start in starts), upper=1)
