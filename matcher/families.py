"""Which families stay where: exclusive suites and the changeover between families."""

from matcher.problem import Problem, Suite, SuiteId

Stay = tuple[int, int, str | None]
"""Start, end (half-open) and family; None is foreign to every request."""


def separates_families(suite: Suite) -> bool:
    """Whether families matter in this suite: it is exclusive, or has one place and a changeover."""
    return suite.exclusive or (suite.places == 1 and suite.changeover > 0)


def clash(suite: Suite, one: Stay, other: Stay) -> bool:
    """Whether two stays in `suite` are too close: a shared tick (exclusive) or too short a changeover between them.

    Source: problem format, hard rules. Two stays of one family never clash; a stay without family clashes with all.
    """
    if one[2] is not None and one[2] == other[2]:
        return False
    gap = max(one[0] - other[1], other[0] - one[1])
    if gap < 0:
        return suite.exclusive
    return separates_families(suite) and gap < suite.changeover


class FamilyCalendar:
    """The stays of every suite that separates families, bookings with their true start and end."""

    def __init__(self, problem: Problem) -> None:
        self._suites = {suite.id: suite for suite in problem.suites if separates_families(suite)}
        self._stays: dict[SuiteId, list[Stay]] = {suite: [] for suite in self._suites}
        for booking in problem.bookings:
            if booking.suite in self._stays:
                self._stays[booking.suite].append((booking.start, booking.end, booking.family))

    def allows(self, suite: SuiteId, family: str, start: int, end: int) -> bool:
        """Whether a stay of `family` over [start, end) keeps its distance from every stay in the suite."""
        stays = self._stays.get(suite)
        if not stays:
            return True
        rules = self._suites[suite]
        return not any(clash(rules, (start, end, family), other) for other in stays)

    def change(self, suite: SuiteId, stay: Stay, sign: int) -> None:
        """Add (sign 1) or take away (sign -1) one stay."""
        stays = self._stays.get(suite)
        if stays is None:
            return
        if sign > 0:
            stays.append(stay)
        else:
            stays.remove(stay)
