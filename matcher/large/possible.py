"""Which admissible starts no plan can use, because of bookings or confirmed stays elsewhere."""

import numpy as np

from matcher.large.plan import Plan
from matcher.large.ragged import Flags
from matcher.large.setting import Setting

_AT_ONCE = 500_000


def possible_columns(setting: Setting) -> Flags:
    """A flag per column: it fits beside the bookings alone, and `held` leaves room for its facility."""
    columns, count = setting.columns, setting.columns.count
    empty = Plan(setting)
    possible = np.zeros(count, dtype=np.bool_)
    for first in range(0, count, _AT_ONCE):
        part = np.arange(first, min(first + _AT_ONCE, count), dtype=np.int64)
        possible[part[empty.fits(part)]] = True
    for position, held in enumerate(setting.held):
        room = setting.problem.requests[position].max_sites - len(held)
        if held and room <= 0:
            own = np.arange(columns.column_start[position], columns.column_start[position + 1])
            inside = np.isin(columns.facility[own], sorted(held)) if room == 0 else np.zeros(len(own), dtype=np.bool_)
            possible[own] &= inside
    return possible
