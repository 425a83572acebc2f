"""Requests whose facts are missing or contradict each other are set aside, with every reason at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from matcher.eligibility import judge
from matcher.eligibility.quarantine import set_aside
from matcher.facts import Batch, Load, Request
from matcher.formulate import formulate
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.products import BatchKind, Donor, ProductClass, Stage
from tests.matcher.eligibility.cases.case import asking, making
from tests.matcher.eligibility.good import FACTS, ORIGIN, REQUEST, with_parts

ONE, TWO = REQUEST.batches
LOT = REQUEST.materials[0]


def batch(**changes: object) -> Request:
    """The good request with some fields of its first batch changed."""
    return asking(batches=(replace(ONE, **changes), TWO))  # type: ignore[arg-type]  # a shorthand of tests


PAIRS: list[tuple[str, Request, Request]] = [
    ("asks for no start", asking(batches=(ONE,)), asking(batches=())),
    ("same id", asking(batches=(ONE, TWO)), asking(batches=(ONE, replace(TWO, id="B1")))),
    ("but not before", batch(latest=ONE.earliest), batch(latest=ONE.earliest - timedelta(1))),
    ("before the round", batch(earliest=date(2026, 11, 1), latest=ORIGIN), batch(earliest=date(2026, 11, 1), latest=ORIGIN - timedelta(1))),
    ("patients", batch(patients=1), batch(patients=0)),
    ("patients", batch(kind=BatchKind.ENGINEERING, patients=0), batch(kind=BatchKind.ENGINEERING, patients=-1)),
    ("negative number of days", batch(gap_days=0), batch(gap_days=-1)),
    ("not there", asking(batches=(ONE, replace(TWO, after="B1"))), asking(batches=(ONE, replace(TWO, after="B9")))),
    ("circle", asking(batches=(ONE, replace(TWO, after="B1"))), asking(batches=(replace(ONE, after="B2"), replace(TWO, after="B1")))),
    ("circle", asking(batches=(ONE,)), asking(batches=(replace(ONE, after="B1"),))),
    ("below 1", asking(max_sites=1), asking(max_sites=0)),
    ("below 0", asking(urgency=0), asking(urgency=-1)),
    ("group", asking(group="DE"), asking(group="")),
    ("collection", making(donor=Donor.ALLOGENEIC), asking(collection=())),
    ("hospital", REQUEST, asking(treating=())),
    ("shorter than a day", making(stay_days=1), making(stay_days=0)),
    ("platform", REQUEST, making(platform="")),
    ("family", REQUEST, making(family="")),
    ("not made at stage", REQUEST, making(product_class=ProductClass.GTMP_IN_VIVO)),
    ("not made at stage", asking(stage=Stage.FILL_FINISH), asking(stage=Stage.IN_VIVO_PRODUCT)),
    ("below 1", making(loads=(Load(LimitKind.OPERATORS, 1, "start"),)), making(loads=(Load(LimitKind.OPERATORS, 0, "start"),))),
    ("say start", making(loads=(Load(LimitKind.OPERATORS, 1, "each"),)), making(loads=(Load(LimitKind.OPERATORS, 1, "daily"),))),
    ("delay", making(loads=(Load(LimitKind.OPERATORS, 1, "end", 1),)), making(loads=(Load(LimitKind.OPERATORS, 1, "start", 1),))),
    ("same site", REQUEST, asking(pairs=REQUEST.pairs * 2)),
    ("before it is released", asking(materials=(replace(LOT, expires_on=date(2026, 12, 2)),)), asking(materials=(replace(LOT, expires_on=date(2026, 12, 1)),))),
    ("on the way", asking(materials=(replace(LOT, transport_days=0),)), asking(materials=(replace(LOT, transport_days=-1),))),
]  # fmt: skip


@pytest.mark.parametrize(("words", "kept", "aside"), PAIRS)
def test_the_nearest_request_is_kept_and_the_other_set_aside(words: str, kept: Request, aside: Request) -> None:
    assert set_aside(with_parts(request=kept)) == ()
    (found,) = set_aside(with_parts(request=aside))
    assert found.request == "R1"
    assert any(words in reason for reason in found.reasons), found.reasons


def test_all_reasons_come_at_once() -> None:
    spoiled = replace(asking(max_sites=0, group=""), batches=(replace(ONE, patients=-1),))
    (found,) = set_aside(with_parts(request=spoiled))
    assert len(found.reasons) == 3


def test_requests_that_share_an_id_are_set_aside() -> None:
    facts = replace(FACTS, requests=(REQUEST, replace(REQUEST, group="ES")))
    (found,) = set_aside(facts)
    assert "same id" in found.reasons[0]
    assert len(judge(facts)) == 0, "nobody can say which of the two is meant"


def test_nothing_of_it_reaches_the_problem_and_the_others_stay() -> None:
    bad = replace(asking(max_sites=0), id="R2")
    facts = replace(FACTS, requests=(REQUEST, bad))
    verdicts = judge(facts)
    assert [one.request for one in verdicts.quarantined] == ["R2"]
    assert [request.id for request in formulate(facts, verdicts).requests] == ["R1"]


def test_a_check_that_sees_nothing_is_caught() -> None:
    def blind(_request: Request) -> tuple[str, ...]:
        return ()

    assert not all_noticed(blind)


def all_noticed(check: Callable[[Request], tuple[str, ...]]) -> bool:
    """Whether a check of requests notices every spoiled one."""
    return all(check(aside) for _, _, aside in PAIRS)


def test_the_real_check_notices_all() -> None:
    assert all_noticed(lambda request: tuple(one.request for one in set_aside(with_parts(request=request))))


def test_a_long_chain_is_no_circle() -> None:
    chain = [Batch("B0", BatchKind.PATIENT, ONE.earliest, ONE.latest, 1)]
    chain += [replace(chain[0], id=f"B{k}", after=f"B{k - 1}") for k in range(1, 40)]
    assert set_aside(with_parts(request=asking(batches=tuple(chain)))) == ()
