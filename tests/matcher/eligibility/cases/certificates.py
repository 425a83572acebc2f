"""GMP certificates and statements of non-compliance."""

from datetime import date, timedelta

from matcher.facts import Certificate, NonCompliance
from registry.vocabulary.periods import Days
from registry.vocabulary.products import Stage
from tests.matcher.eligibility.cases.case import CONDITIONAL, FAIL, PASS, asking, at, case
from tests.matcher.eligibility.cases.legal import COVER, LAST
from tests.matcher.eligibility.good import TODAY

GENE = frozenset({"1.3.1.4"})
CELL = frozenset({"1.3.1.3"})
LAST_RESULT = LAST + COVER
THREE_YEARS_BEFORE = date(LAST_RESULT.year - 3, LAST_RESULT.month, LAST_RESULT.day)
OLD = Certificate("C0", GENE, THREE_YEARS_BEFORE)
WITHDRAWN = Certificate("C1", GENE, date(2026, 3, 1), withdrawn_on=date(2026, 9, 1))

RELIANCE = (
    case("certificate-reliance", "three years reach the last day", PASS, site=at(certificates=(Certificate("C1", GENE, THREE_YEARS_BEFORE - timedelta(1)),))),
    case("certificate-reliance", "three years end a day before", CONDITIONAL, site=at(certificates=(Certificate("C1", GENE, THREE_YEARS_BEFORE - timedelta(2)),)), by=LAST_RESULT - timedelta(1)),
    case("certificate-reliance", "older than three years today", CONDITIONAL, site=at(certificates=(Certificate("C1", GENE, date(2022, 1, 1)),)), by=date(2025, 1, 2)),
    case("certificate-reliance", "remarks lengthen it", PASS, site=at(certificates=(Certificate("C1", GENE, date(2022, 1, 1), reliance_until=LAST_RESULT),))),
    case("certificate-reliance", "remarks shorten it", CONDITIONAL, site=at(certificates=(Certificate("C1", GENE, date(2026, 3, 1), reliance_until=date(2027, 1, 1)),)), by=date(2027, 1, 1)),
    case("certificate-reliance", "inspected on a leap day", CONDITIONAL, site=at(certificates=(Certificate("C1", GENE, date(2024, 2, 29)),)), by=date(2027, 3, 1)),
    case("certificate-reliance", "renewed", PASS, site=at(certificates=(OLD, Certificate("C2", GENE, date(2026, 3, 1))))),
    case("certificate-reliance", "for other operations", CONDITIONAL, site=at(certificates=(Certificate("C1", CELL, date(2026, 3, 1)),))),
    case("certificate-reliance", "for a heading above", CONDITIONAL, site=at(certificates=(Certificate("C1", frozenset({"1.3.1"}), date(2026, 3, 1)),))),
    case("certificate-reliance", "none on record", CONDITIONAL, site=at(certificates=())),
    case("certificate-reliance", "starting material", PASS, request=asking(stage=Stage.STARTING_MATERIAL), site=at(certificates=())),
)  # fmt: skip

WITHDRAWAL = (
    case("certificate-withdrawn", "in force", PASS),
    case("certificate-withdrawn", "withdrawn", FAIL, site=at(certificates=(WITHDRAWN,))),
    case("certificate-withdrawn", "withdrawn, then inspected again", PASS, site=at(certificates=(WITHDRAWN, Certificate("C2", GENE, date(2026, 10, 1))))),
    case("certificate-withdrawn", "the newer one withdrawn", FAIL, site=at(certificates=(OLD, WITHDRAWN))),
    case("certificate-withdrawn", "for other operations", PASS, site=at(certificates=(Certificate("C1", CELL, date(2026, 3, 1), withdrawn_on=date(2026, 9, 1)),))),
    case("certificate-withdrawn", "for a heading above", FAIL, site=at(certificates=(Certificate("C1", frozenset({"1.3.1"}), date(2026, 3, 1), withdrawn_on=date(2026, 9, 1)),))),
    case("certificate-withdrawn", "none on record", PASS, site=at(certificates=())),
)  # fmt: skip

STATEMENTS = (
    case("non-compliance", "none", PASS),
    case("non-compliance", "open, these operations", FAIL, site=at(non_compliances=(NonCompliance("N1", GENE, Days(date(2026, 1, 1), None)),))),
    case("non-compliance", "open, everything", FAIL, site=at(non_compliances=(NonCompliance("N1", frozenset(), Days(date(2026, 1, 1), None)),))),
    case("non-compliance", "open, other operations", CONDITIONAL, site=at(non_compliances=(NonCompliance("N1", CELL, Days(date(2026, 1, 1), None)),))),
    case("non-compliance", "open, a heading above", FAIL, site=at(non_compliances=(NonCompliance("N1", frozenset({"1.3.1"}), Days(date(2026, 1, 1), None)),))),
    case("non-compliance", "open, two headings above", FAIL, site=at(non_compliances=(NonCompliance("N1", frozenset({"1.3"}), Days(date(2026, 1, 1), None)),))),
    case("non-compliance", "open, another heading", CONDITIONAL, site=at(non_compliances=(NonCompliance("N1", frozenset({"1.3.2", "1.3.1.41"}), Days(date(2026, 1, 1), None)),))),
    case("non-compliance", "open, a part below", CONDITIONAL, site=at(non_compliances=(NonCompliance("N1", frozenset({"1.3.1.4.1"}), Days(date(2026, 1, 1), None)),))),
    case("non-compliance", "closed today", PASS, site=at(non_compliances=(NonCompliance("N1", GENE, Days(date(2026, 1, 1), TODAY)),))),
    case("non-compliance", "closes tomorrow", FAIL, site=at(non_compliances=(NonCompliance("N1", GENE, Days(date(2026, 1, 1), TODAY + timedelta(1))),))),
    case("non-compliance", "starting material, other operations", CONDITIONAL, request=asking(stage=Stage.STARTING_MATERIAL), site=at(non_compliances=(NonCompliance("N1", CELL, Days(date(2026, 1, 1), None)),))),
)  # fmt: skip

CASES = (*RELIANCE, *WITHDRAWAL, *STATEMENTS)
