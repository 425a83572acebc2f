"""Fresh material in time to the suite, and fresh product in time back to the hospital."""

from collections.abc import Hashable

from matcher.eligibility.distance import Point, hours_door_to_door, kilometres
from matcher.eligibility.finding import (
    ATMP_GMP,
    Finding,
    conditional,
    fails,
    from_general_knowledge,
    own_rule,
    passes,
    unknown,
)
from matcher.eligibility.needs import days_after_stay
from matcher.eligibility.rule import Round, Rule, Tie, Where, nothing
from matcher.facts import Place, Request
from registry.vocabulary.products import Donor, InputState, Stage

HOURS = own_rule(
    "hours door to door are estimated: great circle × 1.3 at 70 km/h, beyond 600 km a flight at 700 km/h with 4 h handling; "
    "the limit is the requester's"
)

TWO_STEPS = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694): certification in two steps where results come after the use"
)

WITHOUT_CELLS = frozenset({Stage.CERTIFICATION_ONLY, Stage.STARTING_MATERIAL, Stage.IN_VIVO_PRODUCT})

WITHOUT_WAY_BACK = frozenset({Stage.CERTIFICATION_ONLY, Stage.STARTING_MATERIAL, Stage.QC_ONLY})

Way = tuple[bool | None, int | None, tuple[Point, ...]]
"""Whether it travels fresh (None = unknown), the hours it may take, and the places."""

Spot = tuple[float | None, float | None]

FROZEN: Way = (False, None, ())


def points(places: tuple[Place, ...]) -> tuple[Point, ...]:
    """The places as points, each once, in order."""
    return tuple(sorted({(place.latitude, place.longitude) for place in places}))


def way_in(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """How material travels to the suite."""
    if request.stage in WITHOUT_CELLS or request.product.donor is Donor.NONE:
        return FROZEN
    if request.input_state is InputState.FROZEN:
        return FROZEN
    if request.input_state is InputState.UNKNOWN:
        return None, None, ()
    return True, request.hours_fresh, points(request.collection)


def way_back(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """How the product travels to the treating hospitals."""
    if request.stage in WITHOUT_WAY_BACK or request.product_fresh is False:
        return FROZEN
    if request.product_fresh is None:
        return None, None, ()
    return True, request.shelf_life_hours, points(request.treating)


def spot_of(where: Where, _circle: Round) -> Hashable:
    """Where the site lies."""
    return where.site.latitude, where.site.longitude


def check_way_in(way: Way, spot: Spot) -> Finding:
    """Fresh material is in the suite within its hours, from every place of collection."""
    return _check_way(way, spot, "material", "place of collection")


def check_way_back(way: Way, spot: Spot) -> Finding:
    """Fresh product is at every treating hospital within its shelf life."""
    return _check_way(way, spot, "product", "treating hospital")


def _check_way(way: Way, spot: Spot, what: str, place: str) -> Finding:
    fresh, hours, places = way
    if fresh is False:
        return passes(f"{what} travels frozen, or none travels")
    if fresh is None:
        return unknown(
            "fresh or frozen not stated",
            f"{what} fresh or frozen stated",
            ask=f"does the {what} travel fresh or frozen?",
        )
    if hours is None:
        return unknown("hours not stated", "hours the way may take", ask=f"how many hours may the fresh {what} travel?")
    required = f"at most {hours} h from or to every {place}"
    if not places:
        return unknown(f"no {place} stated", required, ask=f"where is the {place}?")
    latitude, longitude = spot
    if latitude is None or longitude is None:
        return unknown("the site's place is not recorded", required, ask="where does the site lie?")
    needed = sorted(hours_door_to_door(kilometres(point, (latitude, longitude))) for point in places)
    late = sum(1 for one in needed if one > hours)
    nearest, farthest = needed[0], needed[-1]
    words = f"{nearest:.1f} h" if len(needed) == 1 else f"{nearest:.1f} to {farthest:.1f} h"
    if not late:
        return passes(words, required, margin=round(hours - farthest, 1), unit="hours")
    if late == len(needed):
        return fails(words, required, margin=round(hours - nearest, 1), unit="hours")
    condition = f"only for {len(needed) - late} of {len(needed)} places, the nearer ones"
    return conditional(words, required, condition=condition, margin=round(hours - farthest, 1), unit="hours")


def wait_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Whether the product travels fresh, the hours it may take, and the days until quality control and certification end."""
    if request.stage in WITHOUT_WAY_BACK:
        return False, None, 0
    return request.product_fresh, request.shelf_life_hours, days_after_stay(request)


def check_wait(wait: tuple[bool | None, int | None, int], _offered: None) -> Finding:
    """A product whose shelf life ends before quality control and certification do is certified in two steps."""
    fresh, hours, days = wait
    required = f"quality control and certification, {days} days, within the shelf life, or certification in two steps"
    if days == 0 or (hours is None and fresh is False):
        return passes("no product waits for results")
    if hours is None:
        ask = "does the product travel fresh or frozen, and how long does it keep?"
        return unknown("shelf life not stated", required, ask=ask)
    margin = float(hours - 24 * days)
    if margin >= 0:
        return passes(f"{hours} h", required, margin=margin, unit="hours")
    words = (
        "provisional certification before the product is used, final certification with the last results: facility and "
        "sponsor agree on both dates"
    )
    return conditional(f"{hours} h", required, condition=words, margin=margin, unit="hours")


RULES = (
    Rule("fresh-material", "Fresh material: hours to the suite", HOURS, way_in, spot_of, check_way_in),
    Rule("shelf-life", "Fresh product: hours to the hospital", HOURS, way_back, spot_of, check_way_back),
    Rule(
        "provisional-certification",
        "Certification within the shelf life",
        TWO_STEPS,
        wait_of,
        nothing,
        check_wait,
        in_force=ATMP_GMP,
    ),
)
