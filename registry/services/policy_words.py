"""A policy in plain words, made from the very tiers that the solver reads, and what is wrong with tiers that are none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the problem format in plain words; `large` when more of it is better."""

    words: str
    large: bool = False


TERMS: Mapping[str, Term] = {
    "placed": Term("patients who could be treated", large=True),
    "fairness": Term(
        "the share placed in the group that fares worst, in thousandths, over groups with a possible start", large=True
    ),
    "waiting": Term("weeks of waiting after the first possible week, counted for each patient"),
    "travel": Term("kilometres between material and facility, summed over starts"),
    "cost": Term("open points of new pairs of product and facility, summed over starts"),
    "preference": Term("distance from what sponsors prefer"),
    "sites": Term("facilities used, summed over requests"),
    "changes": Term("changes against the last published plan"),
}
CLASS = re.compile(r"placed_class_(0|[1-9][0-9]{0,3})")
LARGEST_WEIGHT = 2**31


def policy_text(tiers: Sequence[Mapping[str, int]]) -> str:
    """Return a policy in plain words: one numbered sentence a tier, and how the tiers go together."""
    first = "Each line is decided before the next, and what it reached is kept."
    last = (
        "Plans that are equal in every line are told apart by chance that was committed to before the round closed. "
        "No request has to be placed."
    )
    numbered = (f"{number}. {sentence}" for number, sentence in enumerate(tier_texts(tiers), start=1))
    return "\n".join((first, *numbered, last))


def tier_texts(tiers: Sequence[Mapping[str, int]]) -> tuple[str, ...]:
    """Return a sentence for each tier; terms of one tier stand in alphabetical sequence, which means nothing."""
    return tuple(_sentence(tier) for tier in tiers)


def _sentence(tier: Mapping[str, int]) -> str:
    several = len(tier) > 1
    whole = "; ".join(
        _goal(term) + (f" (counted {weight} times)" if several else "") for term, weight in sorted(tier.items())
    )
    return f"{whole[0].upper()}{whole[1:]}."


def _goal(term: str) -> str:
    known = term_of(term)
    if known is None:
        return term
    if term == "fairness":
        return f"as large as possible: {known.words}"
    return f"as {'many' if known.large else 'few'} as possible: {known.words}"


def term_of(name: str) -> Term | None:
    """Return a term by its name, None for an unknown one."""
    found = CLASS.fullmatch(name)
    if found is None:
        return TERMS.get(name)
    urgency = int(found[1])
    which = "the most urgent class (0)" if urgency == 0 else f"urgency class {urgency}"
    return Term(f"patients of programmes of {which} who could be treated", large=True)


def faults_of_tiers(tiers: Sequence[Mapping[str, int]]) -> list[str]:
    """Return everything that keeps tiers from being a policy, as the problem format has it, each with its place."""
    faults = [] if tiers else ["tiers: there is none; name at least one"]
    seen: dict[str, int] = {}
    for number, tier in enumerate(tiers):
        if not tier:
            faults.append(f"tiers/{number}: is empty; name a term and its weight")
        for term, weight in tier.items():
            if term_of(term) is None:
                faults.append(f"tiers/{number}/{term}: is no term; there are {', '.join(TERMS)} and placed_class_N")
            if isinstance(weight, bool) or not isinstance(weight, int) or not 1 <= weight <= LARGEST_WEIGHT:
                faults.append(f"tiers/{number}/{term}: the weight is no whole number of 1 or more")
            if term in seen:
                faults.append(f"tiers/{number}/{term}: was decided in tier {seen[term] + 1} already")
            seen.setdefault(term, number)
    return faults
