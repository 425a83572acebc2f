"""Every rule in the sequence it is shown, and the catalogue as a page."""

from collections.abc import Iterator
from inspect import getdoc

from matcher.eligibility import (
    acceptance,
    authorisation,
    certificates,
    containment,
    countries,
    equipment,
    establishment,
    freshness,
    grade,
    hospital_exemption,
    language,
    material,
    qp,
    scope,
    stated_starts,
    transport,
)
from matcher.eligibility.packs import packs
from matcher.eligibility.rule import Rule
from registry.vocabulary.results import Citation

SUBJECTS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("Whom the facility serves", acceptance.RULES),
    ("How old the facts are", freshness.RULES),
    ("Authorisation", authorisation.RULES),
    ("Scope and quality control", scope.RULES),
    ("GMP certificates and non-compliance", certificates.RULES),
    ("Hospital exemption", hospital_exemption.RULES),
    ("Borders and national law", countries.RULES),
    ("Clean rooms", grade.RULES),
    ("Vectors and genetically modified organisms", containment.RULES),
    ("Equipment", equipment.RULES),
    ("Qualified Person", qp.RULES),
    ("Material", material.RULES),
    ("Transport", transport.RULES),
    ("The pair of product and site", establishment.RULES),
    ("Starts on offer", stated_starts.RULES),
    ("Language", language.RULES),
)

RULES: tuple[Rule, ...] = tuple(rule for _, rules in SUBJECTS for rule in rules)

OPENING = """\
# The eligibility rules

One rule, one plain function, one result: pass, conditional, fail or unknown. Unknown is never a pass. A pair of request and
suite is an option of a round when no rule fails and none is unknown; conditions with dates narrow the weeks it may start in.
All results are shown, never only the first. "No recorded rule forbids" is not a statement that manufacture is lawful: holder,
Qualified Person, sponsor and authority stay responsible.

*Unconfirmed* means: from general knowledge, the clause was not read in the source yet.
This page is made by `gmphub rules --markdown`; change the rules, not the page.
"""


def catalogue() -> str:
    """The catalogue as plain text, one rule after the other."""
    lines: list[str] = []
    for subject, rules in SUBJECTS:
        lines += [subject, ""]
        for rule in rules:
            lines += [f"  {rule.id}: {rule.title}", f"    {says(rule)}", f"    {source(rule.citation)}"]
            lines += [f"    {in_force(rule)}"] if rule.in_force else []
        lines.append("")
    return "\n".join(lines)


def markdown_page() -> str:
    """The page docs/rules.md: every rule by subject, then what differs by country."""
    return "\n".join([OPENING, *_subjects(), *_countries()]) + "\n"


def says(rule: Rule) -> str:
    """What the rule's function says of itself, in one line."""
    return " ".join((getdoc(rule.check) or "").split())


def source(citation: Citation) -> str:
    """A citation with its day, marked where the clause is not confirmed."""
    mark = "" if citation.confirmed else "; *unconfirmed*"
    return f"{citation.text} (as known on {citation.valid_on}{mark})"


def in_force(rule: Rule) -> str:
    """Since when, and until when, the text of a rule applies; empty where no source says so."""
    if rule.in_force is None:
        return ""
    last = "" if rule.in_force.end is None else f" until {rule.in_force.end} (that day not included)"
    return f"applies from {rule.in_force.start}{last}"


def _subjects() -> Iterator[str]:
    for subject, rules in SUBJECTS:
        yield f"## {subject}\n"
        for rule in rules:
            yield f"### {rule.id}\n"
            yield f"**{rule.title}.** {says(rule)}\n"
            yield f"Source: {source(rule.citation)}."
            if rule.in_force:
                yield f"The text {in_force(rule)}."
            if rule.overridable_by:
                yield f"May be overridden by: {rule.overridable_by}."
            yield ""


def _countries() -> Iterator[str]:
    entries = sorted(packs().values(), key=lambda entry: (entry.topic, entry.country))
    yield "## What differs by country\n"
    yield "*Unknown* where no source was found. Each entry has an owner and a day by which it is looked at again.\n"
    yield "| topic | country | answer | what it means | source | review by | owner |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for topic in sorted({entry.topic for entry in entries}):
        known = [entry for entry in entries if entry.topic == topic and entry.answer != "unknown"]
        for one in known:
            cells = (one.country, one.answer, one.words, source(one.citation), str(one.review_by), one.owner)
            yield f"| {topic.replace('_', ' ')} | " + " | ".join(cells) + " |"
        silent = [entry for entry in entries if entry.topic == topic and entry.answer == "unknown"]
        if silent:
            first = min(silent, key=lambda entry: entry.review_by)
            names = ", ".join(entry.country for entry in silent)
            words = "no source found: the round asks"
            yield f"| {topic.replace('_', ' ')} | {names} | unknown | {words} | | {first.review_by} | {first.owner} |"
