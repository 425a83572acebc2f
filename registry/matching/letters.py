"""The outcome letter of a request, placed or not: short, printable, from the explanation its reader may have."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from jinja2 import Environment, StrictUndefined

from registry.matching.documents import to_document
from registry.matching.explanation import Explanation, Helps, Near, OpenPoint, Proposal, Start
from registry.matching.texts import TEMPLATES, Texts, texts

FORMAT = "gmphub/letter/1"

MOST_CHANGES = 3
MOST_LIMITS = 5
MOST_RULES = 3
MOST_NEAR = 2

RELEASE_BACK_DAYS = 28
"""Days before the first start on which places that are not called off become free again."""

DAYS_TO_APPEAL = 14
APPEAL_TO = "the coordinator of the round"


@dataclass(frozen=True, slots=True)
class Occasion:
    """The round and calculation a letter is about, and what follows; `next_round` None while no day is fixed."""

    round: str
    calculation: str
    known_on: date
    written_on: date
    next_round: date | None
    appeal_until: date
    appeal_to: str


def occasion_of(round_code: str, run: UUID, known_on: date, published_on: date | None, today: date) -> Occasion:
    """What a letter says of a calculation; the appeal runs from publication, from today while it is not published."""
    since = published_on or today
    return Occasion(
        round=round_code,
        calculation=str(run),
        known_on=known_on,
        written_on=since,
        next_round=None,
        appeal_until=since + timedelta(days=DAYS_TO_APPEAL),
        appeal_to=APPEAL_TO,
    )


@dataclass(frozen=True, slots=True)
class LetterSite:
    """What is proposed at one facility, and its open points, in words."""

    text: str
    open_points: tuple[str, ...]
    long_stop: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is printed, sentence by sentence; `headings` by section."""

    format: str
    language: str
    written_on: date
    title: str
    reference: str
    headings: dict[str, str]
    asked: str
    result: str
    set_aside: tuple[str, ...]
    sites: tuple[LetterSite, ...]
    why: tuple[str, ...]
    changes: tuple[str, ...]
    next_round: str
    appeal: str
    closing: str


def outcome_letter(explanation: Explanation, occasion: Occasion, language: str = "en") -> Letter:
    """The letter about a request; the explanation must be one that was released for its reader."""
    words = texts(language)
    sections = ("asked", "result", "open", "why", "change", "next", "appeal")
    return Letter(
        format=FORMAT,
        language=language,
        written_on=occasion.written_on,
        title=words.say("letter", f"title_{_state(explanation)}"),
        reference=words.say(
            "letter",
            "reference",
            round=occasion.round,
            calculation=occasion.calculation,
            known_on=written(occasion.known_on),
        ),
        headings={name: words.say("letter", f"heading_{name}") for name in sections},
        asked=words.say(
            "letter",
            "asked",
            label=explanation.label,
            starts=words.count("start", explanation.asked),
            patients=words.count("patient", explanation.patients),
            first=written(explanation.first_wished),
            last=written(explanation.last_wished),
        ),
        result=_result(explanation, words),
        set_aside=explanation.set_aside,
        sites=tuple(_sites(explanation.proposals, occasion, words)),
        why=tuple(_why(explanation, words)) if explanation.placed < explanation.asked else (),
        changes=tuple(_changes(explanation, words)) if explanation.placed < explanation.asked else (),
        next_round=_next_round(explanation, occasion, words),
        appeal=words.say("letter", "appeal", until=written(occasion.appeal_until), to=occasion.appeal_to),
        closing=words.say("letter", "closing"),
    )


def letter_json(letter: Letter) -> bytes:
    """The letter as a JSON document, readable."""
    return json.dumps(to_document(letter), ensure_ascii=False, indent=2).encode() + b"\n"


def letter_html(letter: Letter) -> str:
    """The letter as one printable page that needs nothing else; every value is escaped."""
    return _environment().from_string(_template()).render(letter=letter, written=written)


def written(day: date) -> str:
    """A day in words: 4 January 2027."""
    return f"{day.day} {day:%B %Y}"


def capital(text: str) -> str:
    """The text with a large first letter."""
    return text[:1].upper() + text[1:]


@cache
def _environment() -> Environment:
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _template() -> str:
    return TEMPLATES.joinpath("letter.html").read_text(encoding="utf-8")


def _state(explanation: Explanation) -> str:
    if explanation.set_aside:
        return "set_aside"
    if explanation.placed == explanation.asked:
        return "conditional" if any(proposal.open_points for proposal in explanation.proposals) else "placed"
    return "partly" if explanation.placed else "waiting"


def _result(explanation: Explanation, words: Texts) -> str:
    if explanation.set_aside:
        return words.say("letter", "set_aside")
    if not explanation.placed:
        return words.say("letter", "placed_none")
    how = "placed_all" if explanation.placed == explanation.asked else "placed_some"
    result = words.say("letter", how, placed=explanation.placed, asked=explanation.asked)
    conditional = sum(len(proposal.starts) for proposal in explanation.proposals if proposal.open_points)
    if not conditional:
        return result
    return f"{result} {capital(words.say('letter', 'with_open_points', conditional=conditional))}"


def _sites(proposals: tuple[Proposal, ...], occasion: Occasion, words: Texts) -> Iterator[LetterSite]:
    """One entry a facility: its starts by day, and each open point once."""
    for facility in dict.fromkeys(proposal.facility for proposal in proposals):
        here = [proposal for proposal in proposals if proposal.facility == facility]
        found = sorted((start for proposal in here for start in proposal.starts), key=lambda one: (one.day, one.batch))
        starts = ", ".join(_start(start, words) for start in found)
        points = tuple(dict.fromkeys(_open_point(point, words) for proposal in here for point in proposal.open_points))
        yield LetterSite(
            words.say("letter", "site", facility=facility, starts=starts),
            points or (words.say("letter", "open_none"),),
            _long_stop(found[0].day, occasion, words) if points else "",
        )


def _long_stop(first: date, occasion: Occasion, words: Texts) -> str:
    """By when open points are settled: the day on which places that are not called off become free again."""
    by = first - timedelta(days=RELEASE_BACK_DAYS)
    if by <= occasion.written_on:
        return words.say("letter", "long_stop_over", days=RELEASE_BACK_DAYS)
    return words.say("letter", "long_stop", day=written(by), days=RELEASE_BACK_DAYS)


def _start(start: Start, words: Texts) -> str:
    if start.no_day_because is None:
        return words.say("letter", "start", batch=start.batch, day=written(start.day))
    monday = start.day - timedelta(days=start.day.weekday())
    return words.say("letter", "start_without_day", batch=start.batch, week=written(monday), why=start.no_day_because)


def _open_point(point: OpenPoint, words: Texts) -> str:
    if point.by is None:
        return words.say("letter", "open", title=point.title, text=point.text)
    return words.say("letter", "open_by", title=point.title, text=point.text, by=written(point.by))


def _why(explanation: Explanation, words: Texts) -> Iterator[str]:
    """Rules first, the ones that leave fewest facilities; then what was full."""
    if explanation.set_aside:
        return
    yield words.say("letter", "funnel", facilities=explanation.considered, left=explanation.left)
    closing = sorted(
        (step for step in explanation.funnel if step.alone < explanation.considered), key=lambda step: step.alone
    )
    missing = {rule.rule: rule.needs for near in explanation.near for rule in near.rules if rule.needs}
    for step in closing[:MOST_RULES] if not explanation.left else ():
        if step.rule in missing:
            yield words.say("letter", "missing", title=step.title, needs=missing[step.rule])
        else:
            yield words.say("letter", "exclusion", title=step.title, left=step.alone, facilities=explanation.considered)
    for limit in explanation.limits[:MOST_LIMITS]:
        text = capital(limit.text)
        few = limit.facilities is None
        yield f"{text}." if few else words.say("letter", "obstacle", text=text, facilities=limit.facilities)
    for conflict in explanation.conflicts[:1]:
        yield words.say("letter", "conflict", limits="; ".join(conflict.texts))
    for near in explanation.near[:MOST_NEAR] if not explanation.left else ():
        yield _near(near, words)


def _near(near: Near, words: Texts) -> str:
    rules = "; ".join(f"{rule.title} ({words.say('status', rule.status)})" for rule in near.rules)
    return words.say("letter", "near", facility=near.facility, rules=rules)


def _changes(explanation: Explanation, words: Texts) -> Iterator[str]:
    """The smallest changes that were proved to help, and the earliest date."""
    if explanation.set_aside or explanation.fits is None:
        return
    if explanation.fits > explanation.placed:
        yield words.say(
            "letter", "fits_more", fits=explanation.fits, asked=explanation.asked, placed=explanation.placed
        )
    if not explanation.tried:
        if explanation.fits < explanation.asked:
            yield words.say("letter", "not_tried")
        return
    for change in explanation.changes[:MOST_CHANGES]:
        yield _change(change, words)
    if not explanation.changes:
        yield words.say("letter", "no_change")
    if explanation.earliest is None:
        yield words.say("letter", "earliest_none")
    else:
        earliest = explanation.earliest
        first, last = written(earliest.first), written(earliest.last)
        weeks = words.count("week", earliest.weeks)
        yield words.say("letter", "earliest", weeks=weeks, first=first, last=last)


def _change(change: Helps, words: Texts) -> str:
    return words.say("letter", "change", change=capital(change.text), meaning=change.effect)


def _next_round(explanation: Explanation, occasion: Occasion, words: Texts) -> str:
    if explanation.asked and explanation.placed == explanation.asked:
        return words.say("letter", "next_round_none")
    if occasion.next_round is None:
        return words.say("letter", "next_round_open")
    return words.say("letter", "next_round", day=written(occasion.next_round))
