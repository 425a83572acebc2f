"""Placements of a calculation as rows: ids of the problem become keys of records, weeks become days."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.lookup import lookup
from matcher.outcome import Placement
from matcher.problem import Problem
from registry import models
from registry.matching.calculation import Calculation
from registry.matching.snapshot.facilities import full_code


def placements_of(keys: "Keys", run: models.Run, done: Calculation) -> Iterator[models.Placement]:
    """Yield a row for each placement of the plan and of the first-come baseline."""
    origin, problem = done.prepared.facts.origin, done.prepared.formulated.problem
    for plan, placements in (("proposed", done.outcome.placements), ("greedy", done.greedy)):
        for placement in placements:
            yield models.Placement(
                run_id=run.id,
                data_set=run.data_set,
                plan=plan,
                **keys.of(placement),
                **days_of(problem, placement, origin),
            )


def days_of(problem: Problem, placement: Placement, origin: date) -> Mapping[str, date]:
    """Return the days a placement holds its suite: `starts` in, `ends` out, in whole weeks."""
    duration = lookup(problem).options[placement.request, placement.suite].duration
    starts = origin + timedelta(weeks=placement.start)
    return {"starts": starts, "ends": starts + timedelta(weeks=duration)}


class Keys:
    """From the codes of a problem to the keys of the rows."""

    def __init__(self, session: Session, run: models.Run) -> None:
        request, batch, facility, suite = models.Request, models.Batch, models.Facility, models.Suite
        rows = session.scalars(select(request).where(request.data_set == run.data_set)).all()
        self._requests = {row.code: row for row in rows}
        self._batches = {(row.request_id, row.code): row.id for row in session.scalars(select(batch))}
        self._facilities = {
            row.id: row for row in session.scalars(select(facility).where(facility.data_set == run.data_set))
        }
        self._suites = {
            full_code(self._facilities[row.facility_id], row.code): row
            for row in session.scalars(select(suite))
            if row.facility_id in self._facilities
        }

    def of(self, placement: Placement) -> dict[str, Any]:
        """Return the keys of a placement's row."""
        pair = self.of_pair(placement.request, placement.suite)
        return {**pair, "batch_id": self._batches[pair["request_id"], placement.batch]}

    def of_pair(self, request: str, suite: str) -> dict[str, Any]:
        """Return the keys of a request and a suite, with facility and owners."""
        return {**self.of_request(request), **self.of_suite(suite)}

    def of_request(self, code: str) -> dict[str, UUID]:
        """Return the keys of a request and its owner."""
        request = self._requests[code]
        return {"request_id": request.id, "organisation_id": request.organisation_id}

    def of_suite(self, code: str) -> dict[str, UUID]:
        """Return the keys of a suite, its facility and its owner."""
        suite = self._suites[code]
        facility = self._facilities[suite.facility_id]
        return {
            "suite_id": suite.id,
            "facility_id": facility.id,
            "facility_organisation_id": facility.organisation_id,
        }
