"""One rehearsal: two files, a seed and a day → facts under aliases, and the account of every row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.facts import Facts, Request
from registry.rehearsal.account import Account, file_account, reason_not_modelled
from registry.rehearsal.capability import Market, Need, named_facilities
from registry.rehearsal.capacity import build_facilities
from registry.rehearsal.frame import Frame, frame
from registry.rehearsal.pairs import with_pairs
from registry.rehearsal.planting import Plant, plant
from registry.rehearsal.reading import RowFault, Sheet, UnusableFileError
from registry.rehearsal.requests import Asked, asked_by, place_weeks, requests_of
from registry.rehearsal.rows import FacilityRow, TrialRow, facilities_of_one_kind, trials_of_one_kind
from registry.rehearsal.rules import rules
from registry.rehearsal.scaling import Scaled, scaled
from registry.vocabulary.facilities import OrganisationKind

TIERS: tuple[Mapping[str, int], ...] = (
    {"placed_class_0": 1},
    {"placed": 1},
    {"fairness": 1},
    {"waiting": 1},
    {"travel": 1},
    {"changes": 1},
)
"""Urgency, patients, fairness floor, waiting, travel, changes: the order of the policy."""

INVENTED = (
    "licences, certificates, permits and their dates",
    "suites, places, equipment and calendars",
    "limits, experience, tests in house and certification",
    "pairs of product and site",
    "whatever a request lists as invented",
)

SPARE = (3.0, 9.0)
"""Suites are built for so many times the demand, and calendars open a part; the second where the first is too little."""

NOTHING_FITS = "no batch can start and end within the horizon"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Facts for one round, where they came from, and what was planted and scaled to make the round tight."""

    facts: Facts
    account: Account
    seed: int
    seeded_on: date
    plants: tuple[Plant, ...]
    scaled: Scaled
    invented: tuple[str, ...] = INVENTED


def build_rehearsal(facilities: Sheet[FacilityRow], trials: Sheet[TrialRow], seed: int, today: date) -> Rehearsal:
    """Return the rehearsal modelled on the two files; the same files, seed and day give the same rehearsal.

    Raises UnusableFileError when no facility can be modelled or no trial asks for anything.
    """
    made_for = frame(seed, today)
    reasons = {row.row: reason_not_modelled(row) for row in facilities.rows}
    matchable = facilities_of_one_kind([row for row in facilities.rows if reasons[row.row] is None])
    asked = asked_by(trials_of_one_kind(trials.rows), made_for)
    asking = [one for one in asked if one.demand.batches]
    check_usable(facilities, matchable, trials, asking)
    account = Account(
        facilities=file_account(facilities, [(row, reason) for row, reason in reasons.items() if reason is not None]),
        trials=file_account(trials, [(one.row.row, NOTHING_FITS) for one in asked if not one.demand.batches]),
    )
    requests = requests_of(asking, made_for)
    for spare in SPARE:
        facts, plants, tightness = tight_round(requests, matchable, spare, made_for)
        if tightness.left <= rules().scaling.whole("most_left"):
            break
    return Rehearsal(facts, account, seed, today, plants, tightness)


def tight_round(
    requests: Sequence[Request], rows: Sequence[FacilityRow], spare: float, made_for: Frame
) -> tuple[Facts, tuple[Plant, ...], Scaled]:
    """Return facilities built for `spare` times the demand, with pairs, plants and calendars scaled to be tight."""
    needs = needs_of(requests)
    made = build_facilities(named_facilities(rows, needs, made_for), needs, spare, made_for)
    paired = sorted((with_pairs(request, made, made_for) for request in requests), key=lambda one: one.id)
    full = Facts(made_for.origin, made_for.weeks, made_for.today, tuple(made), tuple(paired), TIERS)
    planted, plants = plant(full, made_for)
    facts, tightness = scaled(planted, plants, made_for)
    return facts, plants, tightness


def check_usable(
    facilities: Sheet[FacilityRow], matchable: Sequence[FacilityRow], trials: Sheet[TrialRow], asking: Sequence[Asked]
) -> None:
    """Raise UnusableFileError when one of the files leaves nothing to model."""
    faults: list[RowFault] = []
    if not matchable:
        text = "no row is operating with a service model other than captive or unknown; give a file that has some"
        faults += [*facilities.faults, RowFault(facilities.file, 1, "", text)]
    if not asking:
        text = "no row asks for a batch that fits into the horizon; give a file that has some"
        faults += [*trials.faults, RowFault(trials.file, 1, "", text)]
    if faults:
        raise UnusableFileError(tuple(faults))


def needs_of(requests: Sequence[Request]) -> dict[Market, Need]:
    """Return what each market asks for."""
    weeks: defaultdict[Market, list[int]] = defaultdict(list)
    for request in requests:
        company = request.sponsor_kind is OrganisationKind.COMPANY
        weeks[Market(request.product.platform, request.product.product_class, company)].append(place_weeks(request))
    return {market: Need(sum(asked), len(asked)) for market, asked in sorted(weeks.items())}
