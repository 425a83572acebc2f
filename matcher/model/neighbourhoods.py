"""Improving a plan: free a few related requests, keep everything else, solve that small part with CP-SAT, take it over.

Works on the rows of the exact model, so it knows every rule. Parameters of CP-SAT: linearization level 2, no presolve,
one worker, deterministic time; on such small parts this is what makes it fast.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matcher.model.linear import Linear
from matcher.model.variables import Variables

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_WORK = 0.4
"""Deterministic time of one part."""
_NO_LIMIT = 2**62
_NOISE, _LARGEST_WORTH = 3, 2**40


@dataclass(frozen=True, slots=True)
class Part:
    """What a solved part gives: the values of all variables, and whether nothing better exists in it."""

    values: Integers
    proved: bool


class Neighbourhoods:
    """The rows of the model as arrays, and a tier to be raised with earlier tiers held."""

    def __init__(self, variables: Variables, objective: Linear, held: Iterable[tuple[Linear, int]]) -> None:
        model = variables.model.with_held(held)
        self.count, self.rows = len(model.lower), len(model.row_lower)
        self.row_of = np.array(model.entry_rows, dtype=np.int64)
        self.variable_of = np.array(model.entry_variables, dtype=np.int64)
        self.number_of = np.array(model.entry_values, dtype=np.int64)
        self.least = np.array([-_NO_LIMIT if x is None else x for x in model.row_lower], dtype=np.int64)
        self.most = np.array([_NO_LIMIT if x is None else x for x in model.row_upper], dtype=np.int64)
        self.lower, self.upper = np.array(model.lower, dtype=np.int64), np.array(model.upper, dtype=np.int64)
        self.worth = np.zeros(self.count, dtype=np.int64)
        self.worth[list(objective.coefficients)] = list(objective.coefficients.values())
        places = {request.id: number for number, request in enumerate(variables.requests)}
        owners = [places[variables.owner[v]] if v in variables.owner else -1 for v in range(self.count)]
        self.owner = np.array(owners, dtype=np.int64)
        self.one_sided = np.ones(self.rows, dtype=bool)
        self.one_sided[self.row_of[self.number_of < 0]] = False
        self.starts, self.batches = len(variables.starts), len(variables.of_batch)
        self.solver = cp_model.CpSolver()

    def solve(self, values: Integers, requests: Sequence[int], seed: int) -> Part | None:
        """The best values with only `requests` (positions in the sorted list) free; None when CP-SAT found none."""
        free = self._free(requests)
        fixed = np.flatnonzero(~free[self.variable_of])
        amounts = self.number_of[fixed] * values[self.variable_of[fixed]]
        taken = np.zeros(self.rows, dtype=np.int64)
        np.add.at(taken, self.row_of[fixed], amounts)
        most = np.where(self.most == _NO_LIMIT, _NO_LIMIT, self.most - taken)
        least = np.where(self.least == -_NO_LIMIT, -_NO_LIMIT, self.least - taken)
        hopeless = self.one_sided[self.row_of] & (self.number_of > most[self.row_of]) & free[self.variable_of]
        free[self.variable_of[hopeless]] = False
        numbers = np.flatnonzero(free)
        if len(numbers) == 0:
            return None
        status = self._configured(seed).solve(self._part(values, numbers, free, least, most, seed))
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        new = values.copy()
        new[numbers] = np.fromiter(self.solver.response_proto.solution, dtype=np.int64, count=len(numbers))
        return Part(new, proved=status == cp_model.OPTIMAL)

    def stop(self) -> None:
        """Ends the part that is being solved in another thread."""
        self.solver.stop_search()

    def _configured(self, seed: int) -> cp_model.CpSolver:
        parameters = self.solver.parameters
        parameters.num_workers = 1
        parameters.random_seed = seed
        parameters.linearization_level = 2
        parameters.cp_model_presolve = False
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        parameters.max_deterministic_time = _WORK
        return self.solver

    def _free(self, requests: Sequence[int]) -> Flags:
        """The variables of the requests, and those shared with others that stand in a row with one of them."""
        free: Flags = np.isin(self.owner, np.array(requests, dtype=np.int64))
        touched = np.zeros(self.rows, dtype=bool)
        touched[self.row_of[free[self.variable_of]]] = True
        beside = self.variable_of[touched[self.row_of]]
        free[beside[self.owner[beside] < 0]] = True
        return free & (self.upper > self.lower)

    def _part(
        self, values: Integers, numbers: Integers, free: Flags, least: Integers, most: Integers, seed: int
    ) -> cp_model.CpModel:
        """The small model over the variables `numbers`, in their order."""
        model = cp_model.CpModel()
        proto = model.proto
        for low, high in zip(self.lower[numbers].tolist(), self.upper[numbers].tolist(), strict=True):
            proto.variables.add().domain.extend([low, high])
        local = np.full(self.count, -1, dtype=np.int64)
        local[numbers] = np.arange(len(numbers))
        entries = np.flatnonzero(free[self.variable_of])
        rows = self.row_of[entries]
        begins = np.flatnonzero(np.diff(rows, prepend=-1))
        ends = np.append(begins[1:], len(rows)).tolist()
        members, weights = local[self.variable_of[entries]].tolist(), self.number_of[entries].tolist()
        limits = zip(least[rows[begins]].tolist(), most[rows[begins]].tolist(), strict=True)
        for begin, end, (low, high) in zip(begins.tolist(), ends, limits, strict=True):
            linear = proto.constraints.add().linear
            linear.vars.extend(members[begin:end])
            linear.coeffs.extend(weights[begin:end])
            linear.domain.extend([low, high])
        worth = self._worth_with_noise(numbers, seed)
        proto.objective.vars.extend(np.flatnonzero(worth).tolist())
        proto.objective.coeffs.extend((-worth[worth != 0]).tolist())
        proto.solution_hint.vars.extend(range(len(numbers)))
        proto.solution_hint.values.extend(values[numbers].tolist())
        return model

    def _worth_with_noise(self, numbers: Integers, seed: int) -> Integers:
        """The tier's coefficients, and chance among plans of equal value, so that another one comes every time."""
        noise = np.random.default_rng(seed).integers(0, _NOISE, len(numbers), endpoint=True)
        noise[numbers >= self.starts] = 0
        scale = 1 + _NOISE * min(self.batches, len(numbers))
        if np.abs(self.worth).max(initial=0) > _LARGEST_WORTH // scale:
            return self.worth[numbers]
        return self.worth[numbers] * scale + noise
