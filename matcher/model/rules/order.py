"""A batch that comes after another starts at least `min` ticks after that one ends, and only if that one is placed."""

from matcher.model.variables import Variables
from matcher.problem import BatchId, Request


def add(variables: Variables) -> None:
    """For each tick t: the batch started by t only if the other ended by t - min (a row for each start tick)."""
    for request in variables.requests:
        for batch in request.batches:
            if batch.after is not None:
                _follow(variables, request, batch.id, batch.after.batch, batch.after.min)


def _follow(variables: Variables, request: Request, later: BatchId, earlier: BatchId, gap: int) -> None:
    followers = variables.of_batch.get((request.id, later), [])
    leaders = variables.of_batch.get((request.id, earlier), [])
    for tick in sorted({variables.starts[number].start for number in followers}):
        begun = [(number, 1) for number in followers if variables.starts[number].start <= tick]
        ended = [(number, -1) for number in leaders if variables.starts[number].end + gap <= tick]
        variables.model.add_row(begun + ended, upper=0)
