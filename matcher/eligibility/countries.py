"""Borders: product into the treating countries, cells to the site, GMO approval of trials, and the law of collection."""

from collections.abc import Hashable
from datetime import date

from matcher.eligibility.finding import Finding, conditional, from_general_knowledge, passes, unknown
from matcher.eligibility.packs import EU_AND_EEA, Topic, entry_of
from matcher.eligibility.rule import Round, Rule, Tie, Where, nothing
from matcher.facts import Request
from registry.vocabulary.periods import Days
from registry.vocabulary.products import Donor, Pathway, Stage, Vector
from registry.vocabulary.regulation import PairStage, PermitKind, StageState

IMPORT = from_general_knowledge(
    "Trial products: Regulation (EU) No 536/2014 Articles 61 to 63. Authorised products: Directive 2001/83/EC Articles 40(3) "
    "and 51, mutual recognition agreements. By country: see the Member-state packs"
)
TISSUE = from_general_knowledge(
    "Directive 2004/23/EC Article 9 and Directive (EU) 2015/566: import and export of tissues and cells"
)
SOHO = from_general_knowledge("Regulation (EU) 2024/1938 (SoHO), applies from August 2027; Directive 2004/23/EC before")
GMO_TRIAL = from_general_knowledge(
    "Directive 2001/18/EC or 2009/41/EC as each treating country decides; see the Member-state packs"
)

NATIONAL = from_general_knowledge(
    "Directive 2001/83/EC Articles 3(7) and 5(1) leave hospital exemption and named-patient supply to national law; "
    "see the Member-state packs"
)

SOHO_APPLIES_ON = date(2027, 8, 7)

Crossing = tuple[Pathway, frozenset[str], bool]


def destination_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Pathway, treating countries, and whether anything is made that travels there."""
    makes = request.stage not in {Stage.QC_ONLY, Stage.STARTING_MATERIAL}
    return request.pathway, frozenset(place.country for place in request.treating), makes


def country_of(where: Where, _circle: Round) -> Hashable:
    """Country of the site."""
    return where.site.country


def check_import(crossing: Crossing, country: str) -> Finding:
    """The product may cross into every treating country, by the law of trials or of the market."""
    pathway, treating, makes = crossing
    required = "product free to reach the treating countries"
    abroad = sorted(c for c in treating if c != country and not {c, country} <= EU_AND_EEA)
    if not makes or not abroad:
        return passes("no border of the single market is crossed", required)
    if pathway not in {Pathway.TRIAL, Pathway.MARKET}:
        ask = f"may product made in {country} be used in {', '.join(abroad)} under national law?"
        return unknown("national law on both sides of a border", required, ask=ask)
    entries = [_entry(country, other, pathway) for other in abroad]
    silent = [other for other, words in zip(abroad, entries, strict=True) if words is None]
    if silent:
        ask = f"on what conditions does {', '.join(silent)} take product from {country}?"
        return unknown("no source found for this border", required, ask=ask)
    words = "; ".join(sorted({words for words in entries if words is not None}))
    return conditional(f"made in {country}, used in {', '.join(abroad)}", required, condition=words)


def _entry(made_in: str, used_in: str, pathway: Pathway) -> str | None:
    if used_in in EU_AND_EEA:
        country, topic = made_in, f"import_{pathway}"
    elif made_in in EU_AND_EEA:
        country, topic = used_in, f"export_{pathway}"
    else:
        return None
    found = entry_of(country, _topic(topic))
    return None if found is None or found.answer == "unknown" else found.words


def _topic(name: str) -> Topic:
    topics: dict[str, Topic] = {
        "import_trial": "import_trial",
        "import_market": "import_market",
        "export_trial": "export_trial",
        "export_market": "export_market",
    }
    return topics[name]


def origin_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Countries cells are collected in; none where no cells travel."""
    if request.product.donor is Donor.NONE or request.stage in {Stage.CERTIFICATION_ONLY, Stage.STARTING_MATERIAL}:
        return frozenset()
    return frozenset(place.country for place in request.collection)


def tissue_permit_of(where: Where, circle: Round) -> Hashable:
    """Country of the site, and whether it holds a permit to import or export tissues and cells today."""
    kinds = [p for p in where.site.permits if p.kind is PermitKind.TISSUE_IMPORT_EXPORT]
    return where.site.country, any(p.validity.holds(circle.known_on) for p in kinds)


def check_tissue(origin: frozenset[str], offered: tuple[str, bool]) -> Finding:
    """Cells that cross the border of the single market need an import or export authorisation."""
    country, permit = offered
    required = "cells free to reach the site"
    abroad = sorted(c for c in origin if c != country and not {c, country} <= EU_AND_EEA)
    if not abroad:
        return passes("no border of the single market is crossed", required)
    if permit:
        return passes("permit for tissues and cells on record", required)
    words = "an importing tissue establishment takes the cells in, or the site gets a permit for tissues and cells"
    return conditional(f"cells from {', '.join(abroad)}, no such permit on record", required, condition=words)


def collected_after(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Whether cells may be collected on or after the day the SoHO Regulation applies."""
    return request.product.donor is not Donor.NONE and max(b.latest for b in request.batches) >= SOHO_APPLIES_ON


def check_regime(after: bool, _offered: None) -> Finding:  # the value a rule is asked with
    """Collection rules go by the day of collection."""
    required = "collection by the law of its day"
    if not after:
        return passes(f"every start before {SOHO_APPLIES_ON}, or no cells", required)
    words = f"collection from {SOHO_APPLIES_ON} on under the SoHO Regulation"
    return conditional("some starts fall after the change of law", required, condition=words, by=SOHO_APPLIES_ON)


def modified_in(request: Request, _circle: Round, tie: Tie) -> Hashable:
    """Treating countries of a trial with a GMO whose approvals are not on the pair's record yet."""
    product = request.product
    is_gmo = product.vector is not Vector.NONE if product.gmo_class is None else product.gmo_class > 0
    settled = tie.pair is not None and tie.pair.stages.get(PairStage.AUTHORITY_APPROVALS) in {
        StageState.DONE,
        StageState.NOT_NEEDED,
    }
    if request.pathway is not Pathway.TRIAL or not is_gmo or settled:
        return frozenset()
    return frozenset(place.country for place in request.treating)


def check_gmo_trial(countries: frozenset[str], _offered: None) -> Finding:
    """Each treating country approves the GMO side of the trial, by its own route."""
    required = "GMO approval of the trial in every treating country"
    if not countries:
        return passes("no GMO in a trial, or the approvals are on record", required)
    routes = []
    for country in sorted(countries):
        found = entry_of(country, "gmo_trial")
        answer = "route unknown" if found is None or found.answer == "unknown" else found.answer
        routes.append(f"{country} ({answer})")
    return conditional("approvals not on record", required, condition="GMO approval in " + ", ".join(routes))


def national_ground(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """The topic of national law the pathway rests on; None for trials and the market."""
    grounds: dict[Pathway, Topic] = {
        Pathway.HOSPITAL_EXEMPTION: "hospital_exemption",
        Pathway.NAMED_PATIENT: "named_patient",
    }
    return grounds.get(request.pathway)


def check_national(topic: Topic | None, country: str) -> Finding:
    """What the Member-state pack says of the hospital exemption or named-patient law of the site's country."""
    if topic is None:
        return passes("Union law: trial or market")
    required = f"{topic.replace('_', ' ')} law of {country}"
    found = entry_of(country, topic)
    if found is None or found.answer == "unknown":
        return conditional(
            "no source found", required, condition=f"the authority of {country} confirms how it is applied"
        )
    return passes(found.words, required, source="Member-state pack", source_date=found.citation.valid_on)


RULES = (
    Rule("import", "Import into the treating countries", IMPORT, destination_of, country_of, check_import),
    Rule("tissue-border", "Tissues and cells across the border", TISSUE, origin_of, tissue_permit_of, check_tissue),
    Rule(
        "collection-law",
        "Law of the day of collection",
        SOHO,
        collected_after,
        nothing,
        check_regime,
        in_force=Days(SOHO_APPLIES_ON, None),
    ),
    Rule(
        "gmo-trial",
        "GMO approvals of the trial in the treating countries",
        GMO_TRIAL,
        modified_in,
        nothing,
        check_gmo_trial,
        tied=True,
    ),
    Rule(
        "national-pathway",
        "National law of the pathway",
        NATIONAL,
        national_ground,
        country_of,
        check_national,
    ),
)
