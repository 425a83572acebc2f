"""The explanation of one request for one reader: names as this reader may have them, values first, words beside them.

A requester reads masked facilities ("Facility A"), no country with fewer than five candidates, no record of a facility
and nothing a facility could change about itself; a coordinator reads labels. Nobody reads of another request.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from string import ascii_uppercase

from matcher.explain.changes import Change, Counterfactual, Side
from matcher.explain.conditions import PlacedPair
from matcher.explain.conflicts import DATES
from matcher.explain.explaining import Calculated, Explained
from matcher.explain.near import NearMiss
from matcher.explain.nextbest import NextBest
from matcher.explain.obstacles import ALL_OR_NOTHING, ONE_FACILITY, OUTWEIGHED, SEQUENCE
from matcher.facts import Facts
from matcher.outcome import Placement
from matcher.weeks import Weeks
from registry.matching.calculation import Prepared
from registry.matching.days import PlanDays
from registry.matching.explanation import (
    FORMAT,
    Alternative,
    Conflict,
    Earliest,
    Explanation,
    Held,
    Helps,
    Limit,
    Missed,
    Named,
    Near,
    OpenPoint,
    Proposal,
    Reader,
    Start,
    Step,
)
from registry.matching.reasons import LIMIT_WORDS, limit_reason
from registry.matching.texts import Texts, texts
from registry.vocabulary.results import RuleResult, Status

FEWEST = 5
"""A requester reads a country, and counts of weeks, only where so many candidates stand behind it (competition guard)."""

OF_THE_REQUEST = frozenset({ONE_FACILITY, ALL_OR_NOTHING, SEQUENCE, OUTWEIGHED, DATES})
"""Limits that lie in what is asked for, or in the plan as a whole: they tell of no single facility."""

NO_START_FREE = "no-start-free"
"""Said instead of every limit of a facility where fewer than five could make it."""

KILOMETRES_SHOWN = 100
"""Distances are rounded for a requester, so that they do not give a place away."""


def to_explain(prepared: Prepared, placements: tuple[Placement, ...], days: PlanDays | None = None) -> Calculated:
    """What the matcher explains: a prepared calculation and its plan. A stored one is prepared again from its facts."""
    formulated, settled = prepared.formulated, days or PlanDays()
    return Calculated(
        prepared.facts,
        prepared.verdicts,
        formulated.problem,
        formulated.resource_rules,
        placements,
        settled.starts(),
        settled.reasons(),
    )


def explanation_of(
    facts: Facts, explained: Explained, candidates: frozenset[str], reader: Reader, language: str = "en"
) -> Explanation:
    """What `reader` is told about a request; `candidates` are the facilities that no rule keeps it from."""
    return _Writer(facts, explained, candidates, reader, texts(language)).written()


def facilities_named(
    facts: Facts, explained: Explained, candidates: frozenset[str], reader: Reader, language: str = "en"
) -> Mapping[str, str]:
    """Name → code of each facility that the explanation for this reader mentions; the codes are not for the reader."""
    writer = _Writer(facts, explained, candidates, reader, texts(language))
    writer.written()
    return {name: facility for facility, name in writer.names.items()}


class _Writer:
    """One explanation in the making: facilities get their names in the sequence in which they are mentioned."""

    def __init__(
        self, facts: Facts, explained: Explained, candidates: frozenset[str], reader: Reader, words: Texts
    ) -> None:
        self.facts, self.explained, self.words = facts, explained, words
        self.open = reader is Reader.COORDINATOR
        self.reader, self.candidates = reader, candidates
        self.weeks = Weeks(facts.origin, facts.horizon_weeks)
        self.by_id = {facility.id: facility for facility in facts.facilities}
        self.in_country = Counter(self.by_id[facility].country for facility in candidates)
        self.names: dict[str, str] = {}

    def name(self, facility: str) -> str:
        """The name of a facility for this reader."""
        if facility not in self.names:
            self.names[facility] = self.by_id[facility].label if self.open else masked(len(self.names))
        return self.names[facility]

    def written(self) -> Explanation:
        one, what_if = self.explained, self.explained.what_if
        request = next(request for request in self.facts.requests if request.id == one.request)
        proposals = tuple(self.proposal(pair) for pair in one.pairs)
        next_best = None if one.next_best is None else self.alternative(one.next_best)
        near = tuple(self.near(miss) for miss in one.near)
        changes = tuple(self.helps(change) for change in what_if.counterfactuals if self.may_read(change.change))
        steps = () if one.funnel is None else one.funnel.steps
        return Explanation(
            format=FORMAT,
            reader=self.reader,
            request=request.id,
            label=request.label,
            asked=one.asked,
            placed=one.placed,
            patients=sum(batch.patients for batch in request.batches),
            first_wished=min((batch.earliest for batch in request.batches), default=self.facts.origin),
            last_wished=max((batch.latest for batch in request.batches), default=self.facts.origin),
            set_aside=one.set_aside,
            facilities=tuple(Named(name, self.country(facility)) for facility, name in self.names.items()),
            considered=0 if one.funnel is None else one.funnel.facilities,
            left=0 if one.funnel is None else one.funnel.left,
            funnel=tuple(Step(step.rule, step.title, step.alone, step.left) for step in steps),
            proposals=proposals,
            near=near,
            limits=tuple(dict.fromkeys(self.limit(each.rule, len(each.facilities)) for each in one.obstacles)),
            held=tuple(self.held(each.kind, each.weeks) for each in one.held),
            next_best=next_best,
            fits=what_if.fits,
            tried=what_if.tried,
            changes=changes,
            earliest=None
            if what_if.earliest is None
            else Earliest(what_if.earliest.weeks, what_if.earliest.first, what_if.earliest.last),
            conflicts=tuple(self.conflict(group.limits) for group in what_if.conflicts),
        )

    def may_read(self, change: Change) -> bool:
        """A facility's limits and records are its own affair: a requester reads changes of its own side alone."""
        return self.open or change.side is Side.SPONSOR

    def country(self, facility: str) -> str | None:
        """The country, where enough candidates of it make it no clue; a rehearsal's labels say where they may be."""
        country = self.by_id[facility].country
        shown = facility in self.candidates and self.in_country[country] >= FEWEST
        return country if shown else None

    def proposal(self, pair: PlacedPair) -> Proposal:
        no_day = dict(pair.undated)
        return Proposal(
            self.name(pair.facility),
            tuple(Start(batch, day, no_day.get(batch)) for batch, day in pair.starts),
            tuple(OpenPoint(each.rule, each.title, each.text, each.by) for each in pair.conditions),
        )

    def near(self, miss: NearMiss) -> Near:
        return Near(self.name(miss.facility), tuple(self.missed(result) for result in miss.results))

    def missed(self, result: RuleResult) -> Missed:
        return Missed(
            rule=result.rule,
            title=result.title,
            status="fail" if result.status is Status.FAIL else "unknown",
            required=result.required,
            actual=result.actual if self.open else None,
            margin=result.margin if self.open else None,
            unit=result.unit if self.open else None,
            needs=result.condition if self.open or self.of_the_request(result) else "",
        )

    def of_the_request(self, result: RuleResult) -> bool:
        """Whether the request leaves open what the rule asks: then no facility of many meets it, for the same reason."""
        funnel = self.explained.funnel
        steps = () if funnel is None or funnel.facilities < FEWEST else funnel.steps
        said = {
            (each.status, each.condition)
            for miss in self.explained.near
            for each in miss.results
            if each.rule == result.rule
        }
        met_nowhere = any(step.rule == result.rule and step.alone == 0 for step in steps)
        return met_nowhere and said == {(Status.UNKNOWN, result.condition)}

    def enough(self) -> bool:
        """Whether so many facilities could make it that what is full at them tells of no single one."""
        return self.open or len(self.candidates) >= FEWEST

    def limit(self, rule: str, facilities: int) -> Limit:
        if self.enough():
            return Limit(rule, limit_reason(rule, facilities).text, facilities)
        if rule in OF_THE_REQUEST:
            return Limit(rule, limit_reason(rule, facilities).text, None)
        return Limit(NO_START_FREE, self.words.say("conflicts", NO_START_FREE), None)

    def held(self, kind: str, weeks: int) -> Held:
        known = self.words.has("held", kind)
        text = self.words.say("held", kind) if known else self.words.say("held", "other", limit=limit_words(kind))
        return Held(kind, text, weeks if self.enough() else None)

    def conflict(self, limits: tuple[str, ...]) -> Conflict:
        told = (limit if limit in OF_THE_REQUEST or self.enough() else NO_START_FREE for limit in limits)
        shown = tuple(dict.fromkeys(told))
        return Conflict(
            shown,
            tuple(
                self.words.say("conflicts", limit) if self.words.has("conflicts", limit) else limit_words(limit)
                for limit in shown
            ),
        )

    def alternative(self, best: NextBest) -> Alternative:
        step = 1 if self.open else KILOMETRES_SHOWN
        return Alternative(
            facility=self.name(best.facility),
            starts=best.starts,
            fewer_starts=best.fewer_starts,
            first_start=self.weeks.day(best.first_start),
            weeks_later=best.weeks_later,
            kilometres=step * round(best.kilometres / step),
            open_points=best.open_points,
        )

    def helps(self, one: Counterfactual) -> Helps:
        change = one.change
        facility = None if change.facility is None else self.name(change.facility)
        values = {
            "weeks": self.words.count("week", change.amount),
            "batches": self.words.count("batch", change.amount),
            "facility": facility or "",
            "detail": change.detail,
        }
        counts = {"starts": one.starts, "asked": one.asked, "now": one.now}
        mondays: tuple[date, ...] = tuple(self.weeks.day(week) for week in change.weeks)
        return Helps(
            side="sponsor" if change.side is Side.SPONSOR else "facility",
            kind=change.kind.value,
            amount=change.amount,
            facility=facility,
            weeks=mondays,
            meaning="beside-the-plan" if one.meaning.value == "beside-the-plan" else "new-calculation",
            asked=one.asked,
            now=one.now,
            starts=one.starts,
            text=self.words.say("changes", change.kind.value, **values),
            effect=self.words.say("meanings", one.meaning.value, **counts),
        )


def masked(number: int) -> str:
    """Facility A to Z, then AA, AB and so on."""
    letters = ""
    rest = number + 1
    while rest:
        rest, digit = divmod(rest - 1, len(ascii_uppercase))
        letters = ascii_uppercase[digit] + letters
    return f"Facility {letters}"


def limit_words(rule: str) -> str:
    """What a limit says to a person."""
    return LIMIT_WORDS.get(rule, "a limit of the facility")
