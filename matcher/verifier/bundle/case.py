"""One placement with everything the snapshot says of it, and the days on which its start may lie."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from matcher.verifier.bundle.facts import Record, Snapshot, covered
from matcher.verifier.plan import Placed

Period = tuple[date, date]
Wrong = Iterator[tuple[str, str, str, str]]
"""Check, what is wrong, what was found, what is required."""

ON_PAPER = {"certification_only", "qc_only", "storage"}
"""Stages in which nothing is made in a clean room."""


class Case:
    """A placement whose request, batch and suite the snapshot has.

    `days` are the first start weekday of its week and, where the batch's window holds only other days of that week, the
    nearest of these: the plan counts weeks, so a rule about days is broken only where it is broken on each of them.
    """

    def __init__(self, snapshot: Snapshot, placed: Placed, batch: Record) -> None:
        self.known_on = snapshot.known_on
        self.request = snapshot.requests[placed.request.id]
        self.product: Record = self.request["product"]
        self.stage: str = self.request["stage"]
        self.batch = batch
        where = snapshot.suites[placed.option.suite]
        self.facility, self.site, self.suite = where.facility, where.site, where.suite
        first = snapshot.first_day(placed)
        inside = min(max(first, date.fromisoformat(batch["earliest"])), date.fromisoformat(batch["latest"]))
        self.days = (first, inside)
        self.needed = snapshot.last_day_out(placed, cleared=False) - first + self._late()
        pairs = [pair for pair in self.request["pairs"] if pair["site"] == self.site["id"]]
        self.pair: Record | None = pairs[0] if pairs else None

    def _late(self) -> timedelta:
        """How much later the facility's results come than the request plans them, or else than its certification."""
        methods, loads = self.product["qc_methods"], [load for load in self.product["loads"] if load["at"] == "end"]
        stated = max((days for method, days in self.facility.get("qc_days", ()) if method in methods), default=0)
        planned = [load["delay_days"] for load in loads if load["kind"] == "qc_results"]
        planned = planned or [load["delay_days"] for load in loads if load["kind"] == "certifications"]
        return timedelta(days=max(0, stated - max(planned, default=0)))

    def starts_in(self, periods: Iterable[Period]) -> bool:
        """Whether the start may lie in one of the periods."""
        return any(first <= day < end for first, end in periods for day in self.days)

    def starts_from(self, day: date) -> bool:
        """Whether the start may lie on the day or later."""
        return max(self.days) >= day

    def stays_in(self, periods: Iterable[Period]) -> bool:
        """Whether the periods hold every day of the stay, its testing and its certification."""
        held = list(periods)
        return any(covered(day, day + self.needed, held) == day + self.needed for day in self.days)

    def steps(self) -> list[Record]:
        """The steps that are done in a clean room."""
        return [] if self.stage in ON_PAPER else self.product["steps"]

    def state(self, stage: str) -> Any:
        """How far a stage of the pair of product and site is; None for a new pair."""
        return None if self.pair is None else self.pair["stages"].get(stage)


def age(day: str, known_on: date) -> int:
    """Days from a day to the one the facts are of."""
    return (known_on - date.fromisoformat(day)) // timedelta(days=1)
