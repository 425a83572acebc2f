"""Mutants that no quick test notices, and why each decides nothing.

Modules in `COVERED` have been gone through to the end.
"""

COVERED = (
    "__init__.py",
    "__main__.py",
    "bundle/__init__.py",
    "bundle/case.py",
    "bundle/country.py",
    "bundle/facts.py",
    "bundle/files.py",
    "bundle/freshness.py",
    "bundle/licence.py",
    "bundle/material.py",
    "bundle/names.py",
    "bundle/pairs.py",
    "bundle/policy.py",
    "bundle/reasons.py",
    "bundle/room.py",
    "bundle/service.py",
    "bundle/stability.py",
    "bundle/technical.py",
    "bundle/told.py",
    "bundle/travel.py",
    "claims.py",
    "formats.py",
    "loads.py",
    "measure.py",
    "places.py",
    "plan.py",
    "problem.py",
    "promises.py",
    "proof.py",
    "reading.py",
    "references.py",
    "report.py",
    "shapes.py",
    "starts.py",
    "sums.py",
    "two_files.py",
)

SURVIVORS = {
    "bundle/travel.py module: 63710088 → 63710089": "a tenth of a metre of the Earth's radius, far below what is left to rounding",
    "bundle/travel.py _way: min → max": "only the kilometres named beside the finding",
    "bundle/travel.py _way: min((distance(place, site) for place in places)) // KILOMETRE → min((distance(place, site) for place in places)) * KILOMETRE": (
        "only the kilometres named beside the finding"
    ),
    "bundle/travel.py _late: way * 13 > hours * 700 * KILOMETRE → way * 13 >= hours * 700 * KILOMETRE": (
        "the two are equal at multiples of 13 hours only, which is farther than one goes by road"
    ),
    "bundle/service.py _starts: max → min": "only the day named beside the finding",
    "bundle/country.py _open: {here, there} <= UNION → {here, there} < UNION": "two countries are never all of the Union",
    "bundle/room.py _over: True → False": "strict only guards lists with one entry for each period of one resource",
    "claims.py _bound: True → False": "strict only guards lengths that were compared just before",
    "proof.py proved_limit: 0 → 1": "shifts all running sums of a suite, of which only differences are used",
    "proof.py proved_limit: 0 → 1 #2": "shifts all running sums of a resource, of which only differences are used",
    "proof.py proved_limit: True → False": "strict only guards lengths that `check_proof` has compared",
    "proof.py _free_places: 1 → 2": "one more entry behind the horizon, where nothing is read",
    "proof.py _free_places: first < last → first <= last": "adds and takes away the same places at one tick",
    "proof.py _best: profit > best → profit >= best": "an equal profit takes the place of an equal one",
    "proof.py _cost: first < last → first <= last": "the value of no tick is 0",
    "proof.py _best: 0 → 1 #6": "the tick that stands beside the suite of no name, which no option has",
    "reading.py gather: len(found) < len(pairs) → len(found) <= len(pairs)": (
        "only spares the counting of an object without repetition, in which no name is found twice"
    ),
}
