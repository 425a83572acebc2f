"""The exact time-indexed model, solved by HiGHS inside OR-Tools, and a second opinion on its answers."""

from matcher.model.exact import column_count, solve_exact

__all__ = ["column_count", "solve_exact"]
