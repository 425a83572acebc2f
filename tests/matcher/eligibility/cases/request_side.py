"""Material and the ways it travels."""

from dataclasses import replace
from datetime import date, timedelta

from matcher.eligibility.distance import ROAD_DETOUR, ROAD_KM_PER_HOUR, kilometres
from matcher.facts import Load, Material, Request
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.products import Donor, InputState, Stage
from tests.matcher.eligibility.cases.case import CONDITIONAL, FAIL, PASS, UNKNOWN, asking, at, case, making
from tests.matcher.eligibility.cases.legal import FIRST, LAST
from tests.matcher.eligibility.good import BARCELONA, LEIPZIG, REQUEST, SITE

LOT = REQUEST.materials[0]


def with_lot(**changes: object) -> Request:
    """The good request with some fields of its lot changed."""
    return asking(materials=(replace(LOT, **changes),))  # type: ignore[arg-type]  # a shorthand of tests


MATERIAL = (
    case("material-release", "there on the first start", PASS, request=with_lot(released_on=FIRST - timedelta(7))),
    case("material-release", "there a day later", CONDITIONAL, request=with_lot(released_on=FIRST - timedelta(6)), by=FIRST + timedelta(1)),
    case("material-release", "there on the last start", CONDITIONAL, request=with_lot(released_on=LAST - timedelta(7)), by=LAST),
    case("material-release", "there a day after it", FAIL, request=with_lot(released_on=LAST - timedelta(6)), by=LAST + timedelta(1)),
    case("material-release", "no day of release", UNKNOWN, request=with_lot(released_on=None)),
    case("material-release", "the later of two lots", FAIL, request=asking(materials=(LOT, Material("V2", LAST, 1, 9, date(2028, 1, 1))))),
    case("material-release", "no lot", PASS, request=asking(materials=())),
    case("material-expiry", "a day after the last start", PASS, request=with_lot(expires_on=LAST + timedelta(1))),
    case("material-expiry", "on the last start", CONDITIONAL, request=with_lot(expires_on=LAST), by=LAST),
    case("material-expiry", "on the first start", FAIL, request=with_lot(expires_on=FIRST), by=FIRST),
    case("material-expiry", "no day", UNKNOWN, request=with_lot(expires_on=None)),
    case("material-doses", "as many as batches", PASS, request=with_lot(doses=2)),
    case("material-doses", "one fewer, in part", CONDITIONAL, request=with_lot(doses=1)),
    case("material-doses", "one fewer, all or nothing", FAIL, request=replace(with_lot(doses=1), all_or_nothing=True)),
    case("material-doses", "one fewer, over two facilities", FAIL, request=replace(with_lot(doses=1), max_sites=2)),
    case("material-doses", "none", FAIL, request=with_lot(doses=0)),
    case("material-doses", "not stated", UNKNOWN, request=with_lot(doses=None)),
)  # fmt: skip

KM = kilometres((LEIPZIG.latitude, LEIPZIG.longitude), (52.52, 13.40))
HOURS = KM * ROAD_DETOUR / ROAD_KM_PER_HOUR
"""From Leipzig to the site: 2.8 hours by road."""

TRANSPORT = (
    case("fresh-material", "just enough", PASS, request=asking(hours_fresh=3)),
    case("fresh-material", "just not", FAIL, request=asking(hours_fresh=2)),
    case("fresh-material", "from one of two places", CONDITIONAL, request=asking(hours_fresh=3, collection=(LEIPZIG, BARCELONA))),
    case("fresh-material", "by flight", PASS, request=asking(hours_fresh=7, collection=(BARCELONA,))),
    case("fresh-material", "by flight, too long", FAIL, request=asking(hours_fresh=6, collection=(BARCELONA,))),
    case("fresh-material", "fresh or frozen not stated", UNKNOWN, request=asking(input_state=InputState.UNKNOWN)),
    case("fresh-material", "frozen", PASS, request=asking(input_state=InputState.FROZEN, hours_fresh=None)),
    case("fresh-material", "hours not stated", UNKNOWN, request=asking(hours_fresh=None)),
    case("fresh-material", "no place of collection", UNKNOWN, request=asking(collection=())),
    case("fresh-material", "site's place not recorded", UNKNOWN, site=at(latitude=None)),
    case("fresh-material", "no cells", PASS, request=replace(making(donor=Donor.NONE), hours_fresh=None)),
    case("shelf-life", "frozen", PASS),
    case("shelf-life", "just enough", PASS, request=asking(product_fresh=True, shelf_life_hours=3)),
    case("shelf-life", "just not", FAIL, request=asking(product_fresh=True, shelf_life_hours=2)),
    case("shelf-life", "to one of two hospitals", CONDITIONAL, request=asking(product_fresh=True, shelf_life_hours=3, treating=(LEIPZIG, BARCELONA))),
    case("shelf-life", "fresh or frozen not stated", UNKNOWN, request=asking(product_fresh=None)),
    case("shelf-life", "hours not stated", UNKNOWN, request=asking(product_fresh=True)),
    case("shelf-life", "starting material", PASS, request=asking(product_fresh=None, stage=Stage.STARTING_MATERIAL)),
    case("shelf-life", "site's place not recorded", UNKNOWN, request=asking(product_fresh=True, shelf_life_hours=3), site=replace(SITE, longitude=None)),
)  # fmt: skip

WAIT = (
    case("provisional-certification", "frozen", PASS),
    case("provisional-certification", "fresh for 14 days, results after 14", PASS, request=asking(product_fresh=True, shelf_life_hours=14 * 24)),
    case("provisional-certification", "fresh for an hour less", CONDITIONAL, request=asking(product_fresh=True, shelf_life_hours=14 * 24 - 1)),
    case("provisional-certification", "certification later than the results", CONDITIONAL, request=replace(
        making(loads=(Load(LimitKind.CERTIFICATIONS, 1, "end", 15),)), product_fresh=True, shelf_life_hours=14 * 24)),
    case("provisional-certification", "no result after the stay", PASS, request=replace(making(loads=()), product_fresh=True, shelf_life_hours=1)),
    case("provisional-certification", "frozen, keeps for a week", CONDITIONAL, request=asking(shelf_life_hours=168)),
    case("provisional-certification", "shelf life not stated", UNKNOWN, request=asking(product_fresh=True)),
    case("provisional-certification", "fresh or frozen not stated", UNKNOWN, request=asking(product_fresh=None)),
    case("provisional-certification", "testing only", PASS, request=asking(product_fresh=True, shelf_life_hours=1, stage=Stage.QC_ONLY)),
)  # fmt: skip

CASES = (*WAIT, *MATERIAL, *TRANSPORT)
