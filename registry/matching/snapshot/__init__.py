"""Rows → facts: what a round looks at, read in one transaction and frozen."""

from registry.matching.snapshot.take import take_snapshot

__all__ = ["take_snapshot"]
