"""Seeded facts in any number, as the bench draws them."""

from matcher.bench.many import COUNTRIES, many_facts

__all__ = ["COUNTRIES", "many_facts"]
