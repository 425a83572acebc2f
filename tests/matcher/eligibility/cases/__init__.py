"""Cases of every rule: the smallest that is allowed, the nearest that is not, what is unknown, what is conditional."""

from tests.matcher.eligibility.cases import certificates, facility, legal, process, request_side, time_side
from tests.matcher.eligibility.cases.case import Case

ALL: tuple[Case, ...] = (
    *legal.CASES,
    *certificates.CASES,
    *facility.CASES,
    *process.CASES,
    *request_side.CASES,
    *time_side.CASES,
)
