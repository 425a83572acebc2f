"""A linear model in whole numbers, kept in flat lists so that it is filled and handed to a solver at once."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ortools.math_opt import model_pb2


@dataclass(slots=True)
class Linear:
    """`constant` + Σ coefficient · variable, all whole numbers."""

    coefficients: dict[int, int] = field(default_factory=dict)
    constant: int = 0

    def add(self, variable: int, coefficient: int) -> None:
        if coefficient:
            self.coefficients[variable] = self.coefficients.get(variable, 0) + coefficient

    def add_times(self, factor: int, other: "Linear") -> None:
        self.constant += factor * other.constant
        for variable, coefficient in other.coefficients.items():
            self.add(variable, factor * coefficient)

    def divisor(self) -> int:
        """The greatest whole number that divides every coefficient; 1 when there is none."""
        return math.gcd(*self.coefficients.values()) or 1


@dataclass(slots=True)
class LinearModel:
    """Variables 0, 1, … with bounds, and rows lower ≤ Σ coefficient · variable ≤ upper (None = no limit)."""

    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    row_lower: list[int | None] = field(default_factory=list)
    row_upper: list[int | None] = field(default_factory=list)
    entry_rows: list[int] = field(default_factory=list)
    entry_variables: list[int] = field(default_factory=list)
    entry_values: list[int] = field(default_factory=list)

    def add_variable(self, lower: int, upper: int, *, integer: bool = True) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.lower) - 1

    def add_binary(self) -> int:
        return self.add_variable(0, 1)

    def add_row(self, terms: Iterable[tuple[int, int]], *, lower: int | None = None, upper: int | None = None) -> None:
        """Adds a row; a variable may occur more than once in `terms`."""
        total: dict[int, int] = {}
        for variable, coefficient in terms:
            total[variable] = total.get(variable, 0) + coefficient
        row = len(self.row_lower)
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        for variable in sorted(total):
            if total[variable]:
                self.entry_rows.append(row)
                self.entry_variables.append(variable)
                self.entry_values.append(total[variable])

    def forbid(self, variable: int) -> None:
        self.upper[variable] = 0

    def largest_number(self, objective: Linear) -> int:
        """The largest coefficient or limit, which tells whether floating point can be trusted with the model."""
        sizes = [abs(value) for value in self.entry_values]
        sizes += [abs(value) for value in objective.coefficients.values()]
        return max(sizes, default=0)

    def with_held(self, held: Iterable[tuple[Linear, int]]) -> "LinearModel":
        """A copy in which each held expression is at least its value."""
        copy = replace(
            self,
            row_lower=self.row_lower[:],
            row_upper=self.row_upper[:],
            entry_rows=self.entry_rows[:],
            entry_variables=self.entry_variables[:],
            entry_values=self.entry_values[:],
        )
        for expression, value in held:
            divisor = expression.divisor()
            scaled = ((variable, number // divisor) for variable, number in expression.coefficients.items())
            copy.add_row(scaled, lower=-((expression.constant - value) // divisor))
        return copy

    def proto(self, objective: Linear, *, relaxed: bool = False) -> model_pb2.ModelProto:
        """The solver's form: maximise `objective` without its constant, divided by its divisor.

        `relaxed` lets every variable be a fraction: no plan comes of it, but a limit.
        """
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(len(self.lower)))
        proto.variables.lower_bounds.extend(self.lower)
        proto.variables.upper_bounds.extend(self.upper)
        proto.variables.integers.extend(integer and not relaxed for integer in self.integer)
        proto.linear_constraints.ids.extend(range(len(self.row_lower)))
        proto.linear_constraints.lower_bounds.extend(-math.inf if x is None else x for x in self.row_lower)
        proto.linear_constraints.upper_bounds.extend(math.inf if x is None else x for x in self.row_upper)
        proto.linear_constraint_matrix.row_ids.extend(self.entry_rows)
        proto.linear_constraint_matrix.column_ids.extend(self.entry_variables)
        proto.linear_constraint_matrix.coefficients.extend(self.entry_values)
        _fill_objective(proto, objective.coefficients, objective.divisor())
        return proto


def _fill_objective(proto: model_pb2.ModelProto, coefficients: Mapping[int, int], divisor: int) -> None:
    used = sorted(variable for variable, coefficient in coefficients.items() if coefficient)
    proto.objective.maximize = True
    proto.objective.linear_coefficients.ids.extend(used)
    proto.objective.linear_coefficients.values.extend(coefficients[variable] // divisor for variable in used)
