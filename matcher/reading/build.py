"""From a document of the right shape to a problem; defaults are filled in here and nowhere else."""

from typing import Any, TypeAlias

from matcher.problem import (
    After,
    Batch,
    Booking,
    Facility,
    Interval,
    Option,
    Policy,
    PreviousPlacement,
    Problem,
    Request,
    Resource,
    Suite,
    Use,
)

Checked: TypeAlias = dict[str, Any]
"""An object whose shape `matcher.reading.document` has checked."""


def build(document: Checked, sha256: str) -> Problem:
    """The problem of a document without faults of shape."""
    return Problem(
        origin=document["origin"],
        tick=document["tick"],
        horizon=document["horizon"],
        facilities=tuple(Facility(each["id"], each.get("country")) for each in document["facilities"]),
        suites=tuple(_suite(each) for each in document["suites"]),
        resources=tuple(_resource(each) for each in document["resources"]),
        requests=tuple(_request(each) for each in document["requests"]),
        bookings=tuple(_booking(each) for each in document["bookings"]),
        previous=tuple(
            PreviousPlacement(each["request"], each["batch"], each["suite"], each["start"])
            for each in document["previous"]
        ),
        policy=Policy(tuple(dict(tier) for tier in document["policy"]["tiers"])),
        sha256=sha256,
    )


def _suite(suite: Checked) -> Suite:
    return Suite(
        id=suite["id"],
        facility=suite["facility"],
        places=suite["places"],
        open=_intervals(suite["open"]),
        exclusive=suite.get("exclusive", False),
        changeover=suite.get("changeover", 0),
    )


def _intervals(intervals: list[list[int]]) -> tuple[Interval, ...]:
    return tuple((first, last) for first, last in intervals)


def _resource(resource: Checked) -> Resource:
    return Resource(resource["id"], resource["facility"], resource["period"], tuple(resource["capacity"]))


def _request(request: Checked) -> Request:
    return Request(
        id=request["id"],
        batches=tuple(_batch(each) for each in request["batches"]),
        options=tuple(_option(each) for each in request["options"]),
        weight=request.get("weight", 1),
        urgency=request.get("class", 0),
        group=request.get("group"),
        family=request.get("family"),
        max_sites=request.get("max_sites", 1),
        all_or_nothing=request.get("all_or_nothing", False),
        held=tuple(request.get("held", ())),
    )


def _batch(batch: Checked) -> Batch:
    after = batch.get("after")
    return Batch(
        id=batch["id"],
        earliest=batch["earliest"],
        latest=batch["latest"],
        weight=batch.get("weight"),
        after=None if after is None else After(after["batch"], after["min"]),
    )


def _option(option: Checked) -> Option:
    windows = option.get("windows")
    return Option(
        suite=option["suite"],
        duration=option["duration"],
        cost=option.get("cost", 0),
        travel=option.get("travel", 0),
        preference=option.get("preference", 0),
        windows=None if windows is None else _intervals(windows),
        uses=_uses(option),
    )


def _uses(stay: Checked) -> tuple[Use, ...]:
    return tuple(
        Use(each["resource"], each["amount"], each["at"], each.get("delay", 0)) for each in stay.get("uses", ())
    )


def _booking(booking: Checked) -> Booking:
    return Booking(
        suite=booking["suite"],
        start=booking["start"],
        end=booking["end"],
        places=booking.get("places", 1),
        family=booking.get("family"),
        uses=_uses(booking),
    )
