"""A few related requests as one CP-SAT model: every hard rule of the format, everything else standing still."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model_helper

from matcher.large.ragged import Ints

Row = tuple[Sequence[int], Sequence[int], int, int]


@dataclass(slots=True)
class Rows:
    """Linear rows over whole-number variables, in the making."""

    domains: list[tuple[int, int]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    at_most_one: list[Sequence[int]] = field(default_factory=list)

    def variable(self, low: int = 0, high: int = 1) -> int:
        """A new variable, by its number."""
        self.domains.append((low, high))
        return len(self.domains) - 1

    def at_least(self, variables: Sequence[int], factors: Sequence[int], low: int) -> None:
        """Σ factor · variable ≥ low."""
        self.rows.append((variables, factors, low, 2**62))

    def at_most(self, variables: Sequence[int], factors: Sequence[int], high: int) -> None:
        """Σ factor · variable ≤ high."""
        self.rows.append((variables, factors, -(2**62), high))

    def equal(self, variables: Sequence[int], factors: Sequence[int], value: int) -> None:
        """Σ factor · variable = value."""
        self.rows.append((variables, factors, value, value))

    def at_most_one_of(self, variables: Sequence[int]) -> None:
        """At most one of these Booleans."""
        if len(variables) > 1:
            self.at_most_one.append(variables)

    def model(self, goal: dict[int, int], hint: Iterable[tuple[int, int]]) -> cp_model_helper.CpModelProto:
        """The CP-SAT model that makes Σ goal · variable as large as it can be."""
        model = cp_model_helper.CpModelProto()
        for low, high in self.domains:
            model.variables.add().domain.extend([low, high])
        for variables in self.at_most_one:
            model.constraints.add().at_most_one.literals.extend(variables)
        for variables, factors, low, high in self.rows:
            linear = model.constraints.add().linear
            linear.vars.extend(variables)
            linear.coeffs.extend(factors)
            linear.domain.extend([low, high])
        counted = {variable: factor for variable, factor in goal.items() if factor}
        model.objective.vars.extend(list(counted))
        model.objective.coeffs.extend([-factor for factor in counted.values()])
        known = list(hint)
        model.solution_hint.vars.extend([variable for variable, _ in known])
        model.solution_hint.values.extend([value for _, value in known])
        return model


def parameters(work: float, seed: int) -> cp_model_helper.SatParameters:
    """How every small model is solved; `linearization_level` 2 with one worker is what makes these models quick."""
    chosen = cp_model_helper.SatParameters()
    chosen.linearization_level = 2
    chosen.cp_model_presolve = False
    chosen.cp_model_probing_level = 0
    chosen.symmetry_level = 0
    chosen.num_workers = 1
    chosen.max_deterministic_time = work
    chosen.random_seed = seed
    return chosen


def solution_of(response: cp_model_helper.CpSolverResponse, count: int) -> Ints | None:
    """The values of the first `count` variables, or None when none were found."""
    values = np.fromiter(response.solution, dtype=np.int64, count=len(response.solution))
    return values[:count] if len(values) else None
