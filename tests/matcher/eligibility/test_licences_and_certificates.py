"""What a round must show about licences: ends inside a stay, old and withdrawn certificates, renewal, open records."""

from dataclasses import replace
from datetime import date, timedelta

from matcher.eligibility import judge
from matcher.facts import Certificate, Site
from matcher.formulate import formulate
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.periods import Days
from registry.vocabulary.results import RuleResult, Status
from tests.matcher.eligibility.cases.case import at, authorisation, licensed, making, until
from tests.matcher.eligibility.good import REQUEST, with_parts

STAY = REQUEST.product.stay_days
FIRST_START = REQUEST.batches[0].earliest
LAST_START = REQUEST.batches[1].latest


def result(rule: str, site: Site) -> RuleResult:
    """The result of one rule for the good request at a site."""
    return next(one for one in judge(with_parts(site=site))["R1", "S1"] if one.rule == rule)


def test_a_licence_that_ends_during_quality_control_fails_with_its_date() -> None:
    last_day_out = FIRST_START + timedelta(STAY + 13)
    found = result("authorisation-validity", licensed(validity=until(last_day_out)))
    assert found.status is Status.FAIL
    assert found.condition_by == last_day_out
    assert str(last_day_out) in found.actual
    assert found.margin is not None
    assert found.margin < 0
    assert found.source == "authorisation L1"


def test_certification_counts_like_quality_control() -> None:
    loads = (replace(REQUEST.product.loads[0], kind=LimitKind.CERTIFICATIONS, delay_days=30),)
    enough, short = FIRST_START + timedelta(STAY + 30), FIRST_START + timedelta(STAY + 29)
    for end, status in ((enough, Status.CONDITIONAL), (short, Status.FAIL)):
        facts = with_parts(request=making(loads=loads), site=licensed(validity=until(end)))
        found = next(one for one in judge(facts)["R1", "S1"] if one.rule == "authorisation-validity")
        assert found.status is status


def test_a_licence_that_ends_inside_the_windows_leaves_only_the_starts_it_covers() -> None:
    end = FIRST_START + timedelta(STAY + 14 + 7)
    facts = with_parts(site=licensed(validity=until(end)))
    verdicts = judge(facts)
    assert verdicts.status("R1", "S1") is Status.CONDITIONAL
    option = formulate(facts, verdicts).requests[0].options[0]
    first_week = (FIRST_START - facts.origin).days // 7
    assert option.windows == ((0, first_week + 1),)


def test_renewal_flips_a_licence() -> None:
    ending = authorisation(validity=until(FIRST_START))
    assert result("authorisation-validity", at(authorisations=(ending,))).status is Status.FAIL
    renewed = authorisation(id="L2", validity=Days(FIRST_START, LAST_START + timedelta(400)))
    assert result("authorisation-validity", at(authorisations=(ending, renewed))).status is Status.PASS


def test_a_certificate_that_reaches_three_years_inside_is_conditional_with_the_date() -> None:
    inspected = date(2024, 1, 15)
    certificate = Certificate("C9", frozenset({"1.3.1.4"}), inspected)
    found = result("certificate-reliance", at(certificates=(certificate,)))
    assert found.status is Status.CONDITIONAL
    assert found.condition_by == date(2027, 1, 16)
    assert "renewed" in found.condition
    facts = with_parts(site=at(certificates=(certificate,)))
    assert judge(facts).status("R1", "S1") is Status.CONDITIONAL
    assert formulate(facts, judge(facts)).requests[0].options[0].windows is None


def test_renewal_flips_a_certificate() -> None:
    old = Certificate("C9", frozenset({"1.3.1.4"}), date(2023, 1, 1))
    new = Certificate("C10", frozenset({"1.3.1.4"}), date(2026, 11, 1))
    assert result("certificate-reliance", at(certificates=(old,))).status is Status.CONDITIONAL
    assert result("certificate-reliance", at(certificates=(old, new))).status is Status.PASS


def test_a_withdrawn_certificate_fails() -> None:
    gone = Certificate("C9", frozenset({"1.3.1.4"}), date(2026, 3, 1), withdrawn_on=date(2026, 10, 1))
    found = result("certificate-withdrawn", at(certificates=(gone,)))
    assert found.status is Status.FAIL
    assert found.source_date == date(2026, 10, 1)


def test_a_missing_code_is_unknown_until_qa_marks_the_record_complete() -> None:
    missing = frozenset({"1.3.1.3"})
    open_record = result("scope-codes", licensed(codes=missing, complete=False))
    assert open_record.status is Status.UNKNOWN
    assert "complete" in open_record.condition
    assert result("scope-codes", licensed(codes=missing, complete=True)).status is Status.FAIL


def test_what_is_not_confirmed_in_the_text_says_so() -> None:
    assert not result("certificate-reliance", at()).citation.confirmed
    assert result("legal-attestation", at()).citation.confirmed
