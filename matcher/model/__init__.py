"""The exact time-indexed model, solved by HiGHS inside OR-Tools, and a second opinion on its answers."""

from matcher.model.exact import column_count, solve_exact
from matcher.model.second_opinion import Opinion, second_opinion

__all__ = ["Opinion", "column_count", "second_opinion", "solve_exact"]
