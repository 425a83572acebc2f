"""Whom a facility serves, what it wants, how old its facts are, who certifies, which language it speaks."""

from dataclasses import replace
from datetime import date, timedelta

from matcher.facts import Facility, QpCover
from registry.vocabulary.facilities import FRESHNESS_DAYS, OrganisationKind, ServiceModel
from registry.vocabulary.products import Pathway, ProductClass, Stage
from tests.matcher.eligibility.cases.case import CONDITIONAL, FAIL, PASS, UNKNOWN, Case, asking, case, offering
from tests.matcher.eligibility.cases.legal import COVER as STAY
from tests.matcher.eligibility.cases.legal import FIRST, LAST
from tests.matcher.eligibility.good import BARCELONA, TODAY

COMPANY = asking(sponsor_kind=OrganisationKind.COMPANY)

SERVICE = (
    case("service-model", "contract", PASS),
    case("service-model", "captive", FAIL, facility=offering(service_model=ServiceModel.CAPTIVE)),
    case("service-model", "unknown", FAIL, facility=offering(service_model=ServiceModel.UNKNOWN)),
    case("service-model", "national network, its country", PASS, facility=offering(service_model=ServiceModel.NATIONAL_NETWORK)),
    case("service-model", "national network, from outside", CONDITIONAL, request=asking(treating=(BARCELONA,)), facility=offering(service_model=ServiceModel.NATIONAL_NETWORK)),
    case("service-model", "academic, university", PASS, facility=offering(service_model=ServiceModel.ACADEMIC_COLLABORATION)),
    case("service-model", "academic, company", FAIL, request=COMPANY, facility=offering(service_model=ServiceModel.ACADEMIC_COLLABORATION)),
    case("service-model", "premises for tenants", PASS, facility=offering(service_model=ServiceModel.PREMISES_FOR_TENANTS)),
    case("open-to-companies", "a company, open", PASS, request=COMPANY),
    case("open-to-companies", "a company, not open", FAIL, request=COMPANY, facility=offering(open_to_companies=False)),
    case("open-to-companies", "a company, not stated", UNKNOWN, request=COMPANY, facility=offering(open_to_companies=None)),
    case("open-to-companies", "a university, not open", PASS, facility=offering(open_to_companies=False)),
)  # fmt: skip

WISHES = (
    case("family-wanted", "any", PASS),
    case("family-wanted", "this one", PASS, facility=offering(families=frozenset({"car_t_autologous"}))),
    case("family-wanted", "another", FAIL, facility=offering(families=frozenset({"til"}))),
    case("family-wanted", "none", FAIL, facility=offering(families=frozenset())),
    case("campaign-size", "as many as the smallest", PASS, facility=offering(smallest_campaign=2)),
    case("campaign-size", "one fewer", FAIL, facility=offering(smallest_campaign=3)),
    case("campaign-size", "as many as the largest", PASS, facility=offering(largest_campaign=2)),
    case("campaign-size", "one more, in part", CONDITIONAL, facility=offering(largest_campaign=1)),
    case("campaign-size", "one more, all or nothing", FAIL, request=asking(all_or_nothing=True), facility=offering(largest_campaign=1)),
    case("campaign-size", "one more, all over two facilities", CONDITIONAL, request=asking(all_or_nothing=True, max_sites=2), facility=offering(largest_campaign=1)),
    case("campaign-size", "none taken", FAIL, facility=offering(largest_campaign=0)),
    case("excluded-by-requester", "not excluded", PASS, request=asking(excluded=frozenset({"F2"}))),
    case("excluded-by-requester", "excluded", FAIL, request=asking(excluded=frozenset({"F1"}))),
    case("process-simulation", "made before", PASS),
    case("process-simulation", "never made", CONDITIONAL, facility=offering(experience=frozenset())),
    case("language", "one in common", PASS),
    case("language", "none in common", CONDITIONAL, request=asking(languages=frozenset({"fr"}))),
    case("language", "not stated", CONDITIONAL, facility=offering(languages=frozenset())),
    case("language", "no wish", PASS, request=asking(languages=frozenset()), facility=offering(languages=frozenset())),
)  # fmt: skip

COVER = QpCover(frozenset({ProductClass.TEP}), here=True)


def certified_until(day: date) -> Facility:
    """The good facility with certification that ends."""
    return offering(qp=QpCover(frozenset({ProductClass.GTMP_EX_VIVO}), here=True, valid_to=day))


PEOPLE = (
    case("qualified-person", "for the class", PASS),
    case("qualified-person", "elsewhere under agreement", PASS, facility=offering(qp=QpCover(frozenset({ProductClass.GTMP_EX_VIVO}), here=False))),
    case("qualified-person", "for another class", FAIL, facility=offering(qp=COVER)),
    case("qualified-person", "until the last result", PASS, facility=certified_until(LAST + STAY)),
    case("qualified-person", "a day less", CONDITIONAL, facility=certified_until(LAST + STAY - timedelta(1)), by=LAST + STAY - timedelta(1)),
    case("qualified-person", "no start at all", FAIL, facility=certified_until(FIRST + STAY - timedelta(1)), by=FIRST + STAY - timedelta(1)),
    case("qualified-person", "ended", FAIL, facility=certified_until(TODAY)),
    case("qualified-person", "until the last result, which comes a day late", CONDITIONAL, facility=replace(certified_until(LAST + STAY), qc_days=(("sterility", 15),))),
    case("qualified-person", "not recorded", UNKNOWN, facility=offering(qp=None)),
    case("qualified-person", "certification only", FAIL, request=asking(stage=Stage.CERTIFICATION_ONLY), facility=offering(qp=COVER)),
    case("qualified-person", "testing only", PASS, request=asking(stage=Stage.QC_ONLY), facility=offering(qp=None)),
    case("qualified-person", "hospital exemption", PASS, request=asking(pathway=Pathway.HOSPITAL_EXEMPTION), facility=offering(qp=None)),
)  # fmt: skip


def ages() -> list[Case]:
    """For each rhythm: just not overdue, just overdue, just not excluded, just excluded, and a closure that saves it."""
    found = []
    for rhythm, (_, overdue, excluded) in FRESHNESS_DAYS.items():
        for days, status in (
            (overdue - 1, PASS),
            (overdue, CONDITIONAL),
            (excluded - 1, CONDITIONAL),
            (excluded, FAIL),
        ):
            confirmed = TODAY - timedelta(days)
            there = offering(calendar_confirmed_on=confirmed, rhythm=rhythm)
            found.append(case("calendar-freshness", f"{rhythm}, {days} days", status, facility=there))
            closed = replace(there, calendar_clock_stopped_days=days)
            found.append(case("calendar-freshness", f"{rhythm}, {days} days, closed", PASS, facility=closed))
    return found


AGE = (
    *ages(),
    case("calendar-freshness", "never confirmed", UNKNOWN, facility=offering(calendar_confirmed_on=None)),
    case("legal-attestation", "a year ago", PASS, facility=offering(legal_confirmed_on=TODAY - timedelta(365))),
    case("legal-attestation", "a day more", FAIL, facility=offering(legal_confirmed_on=TODAY - timedelta(366))),
    case("legal-attestation", "never", UNKNOWN, facility=offering(legal_confirmed_on=None)),
)

CASES = (*SERVICE, *WISHES, *PEOPLE, *AGE)
