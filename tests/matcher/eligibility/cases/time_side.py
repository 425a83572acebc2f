"""Notice, stated starts, the pair and new products."""

from dataclasses import replace
from datetime import timedelta

from matcher.facts import Limit, Pair, Request
from registry.vocabulary.facilities import LimitKind, StartsClass
from registry.vocabulary.periods import Days
from registry.vocabulary.products import BatchKind
from registry.vocabulary.regulation import PairStage, StageState
from tests.matcher.eligibility.cases.case import CONDITIONAL, FAIL, PASS, UNKNOWN, asking, case, making, offering
from tests.matcher.eligibility.cases.legal import FIRST, LAST
from tests.matcher.eligibility.good import FACILITY, ORIGIN, READY_PAIR, REQUEST, TODAY

DAYS_TO_FIRST, DAYS_TO_LAST = (FIRST - TODAY).days, (LAST - TODAY).days
STATED = FACILITY.starts[0]

NOTICE = (
    case("notice", "run on the first start", PASS, facility=offering(notice_days=DAYS_TO_FIRST)),
    case("notice", "a day longer", CONDITIONAL, facility=offering(notice_days=DAYS_TO_FIRST + 1), by=FIRST + timedelta(1)),
    case("notice", "run on the last start", CONDITIONAL, facility=offering(notice_days=DAYS_TO_LAST), by=LAST),
    case("notice", "a day after it", FAIL, facility=offering(notice_days=DAYS_TO_LAST + 1)),
    case("notice", "not stated", PASS, facility=offering(notice_days=None)),
)  # fmt: skip

STARTS = (
    case("starts-stated", "firm and pooled", PASS),
    case("starts-stated", "until the last start", PASS, facility=offering(starts=(replace(STATED, period=Days(ORIGIN, LAST + timedelta(1))),))),
    case("starts-stated", "a day less", CONDITIONAL, facility=offering(starts=(replace(STATED, period=Days(ORIGIN, LAST)),)), by=LAST),
    case("starts-stated", "over before the first start", FAIL, facility=offering(starts=(replace(STATED, period=Days(ORIGIN, FIRST)),))),
    case("starts-stated", "firm, ask first", UNKNOWN, facility=offering(starts=(replace(STATED, pooled=False),))),
    case("starts-stated", "indicative", UNKNOWN, facility=offering(starts=(replace(STATED, starts_class=StartsClass.INDICATIVE),))),
    case("starts-stated", "on enquiry", UNKNOWN, facility=offering(starts=(replace(STATED, starts_class=StartsClass.ON_ENQUIRY, pooled=False),))),
    case("starts-stated", "none a week", FAIL, facility=offering(starts=(replace(STATED, starts_per_week=0),))),
    case("starts-stated", "another platform", UNKNOWN, request=making(platform="static_expansion")),
    case("starts-stated", "nothing said", UNKNOWN, facility=offering(starts=())),
)  # fmt: skip

OPEN_STAGES = {**READY_PAIR.stages, PairStage.READY: StageState.OPEN}
EXPIRED = {**OPEN_STAGES, PairStage.QUALITY_AGREEMENT: StageState.EXPIRED}


def paired(pair: Pair | None) -> Request:
    """The good request with another pair."""
    return asking(pairs=() if pair is None else (pair,))


def ready_on(offset_from_first: int) -> Request:
    """The good request with a pair expected to be ready so many days after the first start."""
    return paired(Pair("F1-A", OPEN_STAGES, FIRST + timedelta(offset_from_first)))


PREPARING = replace(REQUEST.batches[0], kind=BatchKind.ENGINEERING, patients=0)

PAIR = (
    case("pair-ready", "ready", PASS),
    case("pair-ready", "a new pair", CONDITIONAL, request=paired(None)),
    case("pair-ready", "a pair elsewhere", CONDITIONAL, request=paired(replace(READY_PAIR, site="F2-A"))),
    case("pair-ready", "on its way, no day", CONDITIONAL, request=paired(Pair("F1-A", OPEN_STAGES, None))),
    case("pair-ready", "an agreement expired", CONDITIONAL, request=paired(Pair("F1-A", EXPIRED, None))),
    case("pair-ready", "by the first start", CONDITIONAL, request=ready_on(0), by=FIRST),
    case("pair-ready", "by the last start", CONDITIONAL, request=ready_on((LAST - FIRST).days), by=LAST),
    case("pair-ready", "a day after it", FAIL, request=ready_on((LAST - FIRST).days + 1), by=LAST + timedelta(1)),
    case("pair-ready", "no patient batch", CONDITIONAL, request=replace(ready_on(900), batches=(PREPARING,))),
)  # fmt: skip


def taking(*limits: Limit) -> dict[str, tuple[Limit, ...]]:
    """Limits of a facility."""
    return {"limits": limits}


NEW = (
    case("new-products", "brought in already", PASS, facility=offering(**taking(Limit(LimitKind.NEW_PRODUCTS, 52, 0)))),
    case("new-products", "room for one", PASS, request=paired(None), facility=offering(**taking(Limit(LimitKind.NEW_PRODUCTS, 52, 1)))),
    case("new-products", "room for none", FAIL, request=paired(None), facility=offering(**taking(Limit(LimitKind.NEW_PRODUCTS, 52, 0)))),
    case("new-products", "no limit stated", PASS, request=paired(None)),
    case("new-products", "transfer done, not ready", PASS, request=ready_on(0), facility=offering(**taking(Limit(LimitKind.NEW_PRODUCTS, 52, 0)))),
    case("new-products", "none in any week", FAIL, request=paired(None), facility=offering(**taking(Limit(LimitKind.NEW_PRODUCTS, 1, 9, (0, 0))))),
)  # fmt: skip

CASES = (*NOTICE, *STARTS, *PAIR, *NEW)
