"""The legal record of a rehearsal site: authorisation, certificate, permits. All invented, under aliases only."""

from datetime import date, timedelta

from matcher.facts import Authorisation, Certificate, Permit
from registry.rehearsal.capability import Named
from registry.rehearsal.chance import Stream
from registry.rehearsal.rules import rules
from registry.vocabulary.periods import Days
from registry.vocabulary.regulation import AuthorisationKind, PermitKind, ProductType

YEAR = 365


def authorisations_of(one: Named, today: date, draws: Stream) -> tuple[Authorisation, ...]:
    """Return the authorisation for trial products: mostly without end, some ending, a few records not complete."""
    figures = rules().facilities
    begun = today - timedelta(days=draws.between((YEAR, 8 * YEAR)))
    ending = draws.happens(figures.number("ending_licence_share"))
    endless = not ending and draws.happens(figures.number("open_ended_share"))
    days_left = draws.between((60, 150)) if ending else draws.between((2 * YEAR, 5 * YEAR))
    return (
        Authorisation(
            id=f"{one.code}-L1",
            kind=AuthorisationKind.MIA_IMP,
            holder=one.organisation,
            product_type=ProductType.IMP,
            codes=one.codes,
            validity=Days(begun, None if endless else today + timedelta(days=days_left)),
            open_ended_confirmed=endless,
            complete=not draws.happens(figures.number("incomplete_licence_share")),
            confirmed_on=today - timedelta(days=draws.between((10, 300))),
        ),
    )


def certificates_of(one: Named, today: date, draws: Stream) -> tuple[Certificate, ...]:
    """Return the certificate of the last inspection; some reach three years inside the horizon."""
    old = draws.happens(rules().facilities.number("old_certificate_share"))
    age = draws.between((960, 1080) if old else (60, 800))
    return (Certificate(f"{one.code}-C1", one.codes, today - timedelta(days=age)),)


def permits_of(code: str, today: date) -> tuple[Permit, ...]:
    """Return the contained-use notification (class 2) and the tissue establishment of the site."""
    valid = Days(today - timedelta(days=3 * YEAR), None)
    return (
        Permit(f"{code}-P1", PermitKind.GMO_CONTAINED_USE, valid, gmo_class=2),
        Permit(f"{code}-P2", PermitKind.TISSUE_ESTABLISHMENT, valid),
    )
