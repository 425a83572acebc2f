"""The bench of explanations measures a round like size S made of the rehearsal, and says how large it is."""

from datetime import date

from matcher.eligibility import judge
from registry.cli.measuring import rehearsal_facts, round_of


def test_a_smaller_round_keeps_the_largest_requests_and_the_ablest_facilities() -> None:
    whole = rehearsal_facts(date(2026, 11, 25))
    small = round_of(whole, 60, 30)
    assert (len(small.requests), len(small.facilities)) == (60, 30)
    asked = {request.id for request in small.requests}
    facilities = {facility.id for facility in small.facilities}
    assert tuple(request for request in whole.requests if request.id in asked) == small.requests
    assert tuple(facility for facility in whole.facilities if facility.id in facilities) == small.facilities
    left_out = max(len(request.batches) for request in whole.requests if request.id not in asked)
    assert min(len(request.batches) for request in small.requests) >= left_out
    verdicts = judge(small)
    served = [request.id for request in verdicts.requests if verdicts.option_suites(request.id)]
    assert len(served) > 40
