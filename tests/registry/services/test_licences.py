"""Legal facts: QA only, every fault at once, and each change leaves the record unsigned until QA signs again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.errors import InvalidInputError, NotAllowedError, NotVisibleError, StaleVersionError
from registry.models import Authorisation, Certificate, Confirmation, ScopeLine, Signature
from registry.queries.attestation import ATTESTATION_LASTS, AttestationState, attestation_of, legal_record
from registry.seeding.vocabularies import seed_vocabularies
from registry.services.competence import NOT_RECORDED, set_qp_cover
from registry.services.competence_facts import QpCoverFacts
from registry.services.confirmations import attest
from registry.services.facilities import Seen
from registry.services.legal_facts import (
    AuthorisationFacts,
    CertificateFacts,
    Evidence,
    NonComplianceFacts,
    PermitFacts,
)
from registry.services.licences import (
    change_authorisation,
    change_evidence,
    record_authorisation,
    record_evidence,
)
from registry.services.operation_codes import code_fault
from registry.services.signatures import Reauthenticated
from registry.vocabulary.lifecycle import SignatureMeaning
from registry.vocabulary.products import ProductClass
from registry.vocabulary.regulation import AuthorisationKind, PermitKind, ProductType
from registry.vocabulary.roles import Role
from tests.factories import facilities
from tests.registry.services.house import REASON, TODAY, House, acting, events_after, house, last_event, member

CERTIFICATE = CertificateFacts("C-1", date(2025, 3, 1), operations=("1.3.1.4",))


def licence_facts(here: House) -> AuthorisationFacts:
    return AuthorisationFacts(
        code="L-1",
        kind=AuthorisationKind.MIA_IMP,
        holder_id=here.organisation.id,
        product_type=ProductType.IMP,
        operations={"1.3.1.4": "somatic cell therapy", "1.6.1": None},
        number="DE_SN_01_MIA_2025_0001/any text",
        valid_from=date(2025, 1, 1),
        valid_to=date(2027, 1, 1),
        complete=True,
    )


def licensed(session: Session) -> tuple[House, Authorisation]:
    here = house(session)
    acting(session, here.qa)
    return here, record_authorisation(session, here.qa, here.site.id, licence_facts(here), today=TODAY)


def proof(session: Session, here: House, who: Subject | None = None, sha256: str | None = None) -> Reauthenticated:
    """Proof that QA logged in again for the record as it stands."""
    person = (who or here.qa).person
    assert person is not None
    record = legal_record(session, here.qa, here.facility.id)
    assert record is not None
    now = session.scalars(select(func.clock_timestamp())).one()
    return Reauthenticated(uuid4(), person, "password", now, sha256 or record.sha256)


def sign(session: Session, here: House, today: date = TODAY) -> Signature:
    acting(session, here.qa)
    return attest(session, here.qa, here.facility.id, proof(session, here), today=today, reason="yearly attestation")


def state(session: Session, here: House, today: date = TODAY) -> AttestationState:
    return attestation_of(session, here.qa, here.facility.id, today).state


def test_an_authorisation_with_its_scope(session: Session) -> None:
    here, licence = licensed(session)
    lines = session.execute(select(ScopeLine.operation, ScopeLine.wording).order_by(ScopeLine.operation)).all()
    assert [tuple(line) for line in lines] == [("1.3.1.4", "somatic cell therapy"), ("1.6.1", None)]
    assert (licence.confirmed_by, licence.confirmed_on, licence.whole_site) == (here.qa.person, TODAY, True)


def test_a_change_touches_only_the_lines_that_differ(session: Session) -> None:
    here, licence = licensed(session)
    before = last_event(session)
    acting(session, here.qa)
    facts = replace(licence_facts(here), operations={"1.3.1.4": "somatic cell therapy", "1.3.1.5": None})
    change_authorisation(session, here.qa, Seen(licence.id, 1), facts, today=TODAY, reason="varied")
    written = events_after(session, before)
    assert sorted((one.record_type, one.old is None, one.new is None) for one in written) == [
        ("authorisation", False, False),
        ("scope_line", False, True),
        ("scope_line", True, False),
    ]
    assert {(one.action, one.reason) for one in written} == {("change authorisation", "varied")}


def test_a_tenant_holds_it_for_one_room(session: Session) -> None:
    here = house(session)
    tenant = facilities.organisation(session)
    acting(session, here.qa)
    facts = replace(licence_facts(here), holder_id=tenant.id, suites=frozenset({here.suite.id}))
    licence = record_authorisation(session, here.qa, here.site.id, facts, today=TODAY)
    assert (licence.holder_id, licence.organisation_id, licence.whole_site) == (tenant.id, here.organisation.id, False)


KNOWN = frozenset({"1.2.1", "1.3.1.3", "1.3.1.4", "1.6.1"})


@pytest.mark.parametrize("code", ["1.3.1.4", "1.3.1", "1.3", "1", "1.2.1", "1.2.1.13"])
def test_codes_headings_and_what_is_below_a_heading_alone_are_known(code: str) -> None:
    assert code_fault(code, KNOWN) is None


@pytest.mark.parametrize(
    "code", ["1.3.1.9", "1.3.4", "1.7", "2.1.1", "1.3.1.4.1", "cells", "", " 1.3.1.4", "1.3.", "5.1", "1.03"]
)
def test_a_code_that_is_none_is_refused_by_name(code: str) -> None:
    fault = code_fault(code, KNOWN)
    assert fault is not None
    assert repr(code) in fault


def test_without_the_word_list_only_the_shape_counts() -> None:
    assert code_fault("2.1.1", frozenset()) is None
    assert code_fault("cells", frozenset()) is not None


def test_unknown_codes_are_refused_on_every_record(session: Session) -> None:
    here = house(session)
    seed_vocabularies(session)
    acting(session, here.qa)
    statement = NonComplianceFacts("N-1", date(2025, 3, 1), operations=("1.3.1", "1.3.9"))
    with pytest.raises(InvalidInputError) as refusal:
        record_evidence(session, here.qa, here.site.id, statement, today=TODAY)
    assert "'1.3.9'" in refusal.value.details[0]
    with pytest.raises(InvalidInputError):
        record_evidence(session, here.qa, here.site.id, replace(CERTIFICATE, operations=("1.3.1.44",)), today=TODAY)
    with pytest.raises(InvalidInputError):
        record_authorisation(
            session, here.qa, here.site.id, replace(licence_facts(here), operations={"9.1": None}), today=TODAY
        )


def test_every_fault_of_an_authorisation_at_once(session: Session) -> None:
    here, other = house(session), house(session)
    acting(session, here.qa)
    wrong = replace(
        licence_facts(here),
        code="",
        holder_id=uuid4(),
        operations={},
        valid_to=date(2025, 1, 1),
        open_ended_confirmed=True,
        suites=frozenset({other.suite.id}),
    )
    with pytest.raises(InvalidInputError) as refusal:
        record_authorisation(session, here.qa, here.site.id, wrong, today=TODAY)
    assert [fault.partition(":")[0] for fault in refusal.value.details] == [
        "code",
        "valid_to",
        "open_ended_confirmed",
        "operations",
        "holder_id",
        "suites",
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (replace(CERTIFICATE, last_inspection=TODAY + timedelta(days=1)), "last_inspection"),
        (replace(CERTIFICATE, reliance_until=date(2025, 3, 1)), "reliance_until"),
        (replace(CERTIFICATE, issued_on=date(2025, 2, 28)), "issued_on"),
        (NonComplianceFacts("N-1", TODAY, closed_on=TODAY), "closed_on"),
        (PermitFacts("P-1", PermitKind.GMO_CONTAINED_USE), "gmo_class"),
        (PermitFacts("P-1", PermitKind.TISSUE_ESTABLISHMENT, gmo_class=1), "gmo_class"),
    ],
)
def test_evidence_that_cannot_be(session: Session, facts: Evidence, field: str) -> None:
    here = house(session)
    acting(session, here.qa)
    with pytest.raises(InvalidInputError, match=field):
        record_evidence(session, here.qa, here.site.id, facts, today=TODAY)


@pytest.mark.parametrize(
    "facts",
    [
        replace(CERTIFICATE, last_inspection=TODAY),
        replace(CERTIFICATE, issued_on=date(2025, 3, 1)),
        NonComplianceFacts("N-1", TODAY, closed_on=TODAY + timedelta(days=1)),
        PermitFacts("P-1", PermitKind.GMO_CONTAINED_USE, gmo_class=4),
        PermitFacts("P-1", PermitKind.TISSUE_ESTABLISHMENT),
    ],
)
def test_evidence_that_can(session: Session, facts: Evidence) -> None:
    here = house(session)
    acting(session, here.qa)
    assert record_evidence(session, here.qa, here.site.id, facts, today=TODAY).confirmed_by == here.qa.person


def test_a_change_needs_a_reason_and_the_version_that_was_seen(session: Session) -> None:
    here, licence = licensed(session)
    with pytest.raises(InvalidInputError, match="reason"):
        change_authorisation(session, here.qa, Seen(licence.id, 1), licence_facts(here), today=TODAY, reason=" ")
    change_authorisation(session, here.qa, Seen(licence.id, 1), licence_facts(here), today=TODAY, reason=REASON)
    with pytest.raises(StaleVersionError):
        change_authorisation(session, here.qa, Seen(licence.id, 1), licence_facts(here), today=TODAY, reason=REASON)


def test_nobody_but_its_own_qa_touches_legal_facts(session: Session) -> None:
    here, licence = licensed(session)
    developer = member(session, Role.DEVELOPER, house(session).organisation)
    for subject in (here.planner, developer):
        acting(session, subject)
        with pytest.raises((NotAllowedError, NotVisibleError)):
            change_authorisation(session, subject, Seen(licence.id, 1), licence_facts(here), today=TODAY, reason="x")
        with pytest.raises((NotAllowedError, NotVisibleError)):
            record_evidence(session, subject, here.site.id, CERTIFICATE, today=TODAY)
        with pytest.raises(NotAllowedError):
            set_qp_cover(
                session, subject, Seen(here.facility.id, NOT_RECORDED), QpCoverFacts((), here=True), today=TODAY
            )
        with pytest.raises(NotAllowedError):
            attest(session, subject, here.facility.id, proof(session, here, subject), today=TODAY, reason="yearly one")


def test_qa_attests_for_a_year(session: Session) -> None:
    here, _ = licensed(session)
    assert state(session, here) is AttestationState.NEVER
    signature = sign(session, here)
    assert (signature.signer_id, signature.meaning) == (here.qa.person, SignatureMeaning.RESPONSIBILITY)
    assert (signature.record_type, signature.record_id) == ("facility", here.facility.id)
    assert state(session, here) is AttestationState.CURRENT
    assert state(session, here, TODAY + ATTESTATION_LASTS) is AttestationState.CURRENT
    assert state(session, here, TODAY + ATTESTATION_LASTS + timedelta(days=1)) is AttestationState.LAPSED


def each_change(session: Session, here: House, licence: UUID, certificate: UUID) -> None:
    """The ways in which the legal record is changed, each followed by the state it must show."""
    facts = licence_facts(here)
    changes: list[Callable[[], object]] = [
        lambda: record_evidence(session, here.qa, here.site.id, NonComplianceFacts("N-1", TODAY), today=TODAY),
        lambda: change_evidence(
            session, here.qa, Seen(certificate, 1), replace(CERTIFICATE, withdrawn_on=TODAY), today=TODAY, reason="x"
        ),
        lambda: change_authorisation(
            session, here.qa, Seen(licence, 1), replace(facts, operations={"1.6.1": None}), today=TODAY, reason="x"
        ),
        lambda: set_qp_cover(
            session,
            here.qa,
            Seen(here.facility.id, NOT_RECORDED),
            QpCoverFacts((ProductClass.TEP,), here=True),
            today=TODAY,
        ),
    ]
    for change in changes:
        sign(session, here)
        assert state(session, here) is AttestationState.CURRENT
        change()
        assert state(session, here) is AttestationState.CHANGED


def test_any_change_of_a_legal_fact_shows_as_unsigned(session: Session) -> None:
    here, licence = licensed(session)
    certificate = record_evidence(session, here.qa, here.site.id, CERTIFICATE, today=TODAY)
    assert isinstance(certificate, Certificate)
    each_change(session, here, licence.id, certificate.id)


def test_standing_for_the_same_facts_again_keeps_the_signature(session: Session) -> None:
    here, licence = licensed(session)
    sign(session, here)
    change_authorisation(session, here.qa, Seen(licence.id, 1), licence_facts(here), today=TODAY, reason="looked again")
    assert state(session, here) is AttestationState.CURRENT


def test_a_record_that_changed_while_it_was_read_is_not_signed(session: Session) -> None:
    here, licence = licensed(session)
    shown = proof(session, here)
    facts = replace(licence_facts(here), valid_to=date(2028, 1, 1))
    change_authorisation(session, here.qa, Seen(licence.id, 1), facts, today=TODAY, reason="renewed")
    with pytest.raises(NotAllowedError) as refusal:
        attest(session, here.qa, here.facility.id, shown, today=TODAY, reason="yearly attestation")
    assert "not what was shown" in " ".join(refusal.value.details)
    assert session.scalars(select(Confirmation)).all() == []


def test_the_machine_attests_nothing(session: Session) -> None:
    here, _ = licensed(session)
    acting(session, OPERATOR)
    with pytest.raises(NotAllowedError):
        attest(session, OPERATOR, here.facility.id, proof(session, here, OPERATOR), today=TODAY, reason="yearly one")


def test_outsiders_learn_current_or_not_and_no_content(session: Session) -> None:
    here, licence = licensed(session)
    sign(session, here)
    facts = replace(licence_facts(here), valid_to=date(2028, 1, 1))
    change_authorisation(session, here.qa, Seen(licence.id, 1), facts, today=TODAY, reason="renewed")
    acting(session, ANONYMOUS)
    assert legal_record(session, ANONYMOUS, here.facility.id) is None
    seen = attestation_of(session, ANONYMOUS, here.facility.id, TODAY)
    assert (seen.state, seen.attested_on) == (AttestationState.CURRENT, TODAY)
    assert (seen.signed_sha256, seen.current_sha256) == (None, None)


def test_sabotage_a_fact_left_out_of_the_content_would_stay_signed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry.queries import attestation  # noqa: PLC0415 - the module itself is sabotaged

    monkeypatch.setattr(attestation, "NOT_CONTENT", attestation.NOT_CONTENT | {"valid_to"})
    here, licence = licensed(session)
    sign(session, here)
    facts = replace(licence_facts(here), valid_to=date(2028, 1, 1))
    change_authorisation(session, here.qa, Seen(licence.id, 1), facts, today=TODAY, reason="renewed")
    assert state(session, here) is not AttestationState.CHANGED
