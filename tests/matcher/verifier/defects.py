"""Kinds of defect that can be put into a right outcome, and the checks that must notice each.

A kind is a function that takes a problem document, its right outcome and a source of chance, and returns the two
documents with one defect, or None where this outcome offers no room for it. Defects of rules keep all numbers right.
"""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

from matcher.verifier import verify
from matcher.verifier.reading import canonical, sha256

Document = dict[str, Any]
Pair = tuple[Document, Document]
Kind = Callable[[Document, Document, random.Random], Pair | None]
LONG = 10**6


def renumbered(problem: Document, outcome: Document) -> Pair:
    """The pair with hash, terms and objective of the placements as they now are, without bounds and proof."""
    outcome = {key: value for key, value in outcome.items() if key != "proof"}
    outcome |= {"problem_sha256": sha256(canonical(problem)), "status": "feasible"}
    numbers = verify(problem, outcome)
    assert numbers.refused == ()
    outcome |= {"objective": list(numbers.objective), "terms": dict(numbers.terms)}
    return problem, outcome | {"bound": [None] * len(numbers.objective)}


def row_of(rows: list[Document], **wanted: str) -> Document:
    return next(row for row in rows if all(row[key] == value for key, value in wanted.items()))


def placed(problem: Document, outcome: Document, source: random.Random) -> tuple[Document, Document, Document] | None:
    """A random placement with its request and option."""
    if not outcome["placements"]:
        return None
    placement = source.choice(outcome["placements"])
    request = row_of(problem["requests"], id=placement["request"])
    return placement, request, row_of(request["options"], suite=placement["suite"])


def start_outside(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    placement, request, _ = found
    batch = row_of(request["batches"], id=placement["batch"])
    placement["start"] = source.choice([batch["earliest"] - 1, batch["latest"] + 1, problem["horizon"]])
    return renumbered(problem, outcome)


def opening_ends_early(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    placement, _, option = found
    suite = row_of(problem["suites"], id=placement["suite"])
    last = placement["start"] + option["duration"] - 1
    suite["open"] = [[first, min(end, last)] for first, end in suite["open"] if first <= min(end, last)]
    return renumbered(problem, outcome)


def window_misses(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    placement, _, option = found
    option["windows"] = [[placement["start"] + 1, placement["start"] + 9]]
    return renumbered(problem, outcome)


def another_suite(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    placement, request, _ = found
    others = {suite["id"] for suite in problem["suites"]} - {option["suite"] for option in request["options"]}
    if not others:
        return None
    placement["suite"] = min(others)
    return renumbered(problem, outcome)


def twice(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    outcome["placements"].insert(outcome["placements"].index(found[0]), dict(found[0]))
    return renumbered(problem, outcome)


def unknown_name(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    found[0][source.choice(["request", "batch", "suite"])] += "?"
    return renumbered(problem, outcome)


def unsorted(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    if len(outcome["placements"]) < 2:
        return None
    outcome["placements"].reverse()
    return problem, outcome


def dropped(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    outcome["placements"].remove(found[0])
    return problem, outcome


def place_gone(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    suite = row_of(problem["suites"], id=found[0]["suite"])
    tick = found[0]["start"] + source.randrange(found[2]["duration"])
    family = found[1].get("family", found[1]["id"])
    places = suite["places"]
    problem["bookings"].append(
        {"suite": suite["id"], "start": tick, "end": tick + 1, "places": places, "family": family}
    )
    return renumbered(problem, outcome)


def capacity_one_less(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    """A resource period that the plan fills to the brim, found by lowering one capacity after the other."""
    for resource in source.sample(problem["resources"], len(problem["resources"])):
        used = {use["resource"] for _, _, option in stays(problem, outcome) for use in option.get("uses", [])}
        if resource["id"] not in used:
            continue
        load = loads_by_hand(problem, outcome, resource)
        periods = [period for period, (_, added) in enumerate(load) if added]
        if periods:
            period = source.choice(periods)
            resource["capacity"][period] = sum(load[period]) - 1
            return renumbered(problem, outcome)
    return None


def stays(problem: Document, outcome: Document) -> list[tuple[Document, Document, Document]]:
    found = []
    for placement in outcome["placements"]:
        request = row_of(problem["requests"], id=placement["request"])
        found.append((placement, request, row_of(request["options"], suite=placement["suite"])))
    return found


def loads_by_hand(problem: Document, outcome: Document, resource: Document) -> list[tuple[int, int]]:
    """(booked, added) per period, tick by tick."""
    booked, added = [0] * len(resource["capacity"]), [0] * len(resource["capacity"])
    rows = [(row["start"], row["end"], row.get("uses", []), booked) for row in problem["bookings"]]
    for placement, _, option in stays(problem, outcome):
        start = placement["start"]
        rows.append((start, start + option["duration"], option.get("uses", []), added))
    for start, end, uses, load in rows:
        for use in uses:
            ticks = {"start": [start], "end": [end - 1 + use.get("delay", 0)], "each": range(start, end)}
            for tick in ticks.get(use["at"], []):
                if use["resource"] == resource["id"] and 0 <= tick < problem["horizon"]:
                    load[tick // resource["period"]] += use["amount"]
    for request in {row["request"] for row in outcome["placements"]}:
        there = [stay for stay in stays(problem, outcome) if stay[0]["request"] == request]
        suites = {suite["id"] for suite in problem["suites"] if suite["facility"] == resource["facility"]}
        there = [stay for stay in there if stay[0]["suite"] in suites]
        amounts = [
            use["amount"]
            for _, _, option in there
            for use in option.get("uses", [])
            if use["at"] == "once" and use["resource"] == resource["id"]
        ]
        if amounts:
            added[min(placement["start"] for placement, _, _ in there) // resource["period"]] += max(amounts)
    return list(zip(booked, added, strict=True))


def foreign_family(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    suite = row_of(problem["suites"], id=found[0]["suite"])
    suite |= {"exclusive": True, "places": suite["places"] + 9}
    tick = found[0]["start"] + source.randrange(found[2]["duration"])
    problem["bookings"].append({"suite": suite["id"], "start": tick, "end": tick + 1})
    return renumbered(problem, outcome)


def changeover_short(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    """A booking of another family `gap` ticks before or after a stay, in a suite that needs one tick more."""
    found = placed(problem, outcome, source)
    if found is None:
        return None
    suite = row_of(problem["suites"], id=found[0]["suite"])
    if suite["places"] > 1:
        suite["exclusive"] = True
    gap = source.randint(0, 3)
    suite["changeover"] = max(suite.get("changeover", 0), gap + 1)
    start, end = found[0]["start"], found[0]["start"] + found[2]["duration"]
    before = {"start": start - gap - 2, "end": start - gap}
    after = {"start": end + gap, "end": end + gap + LONG}
    problem["bookings"].append({"suite": suite["id"], "family": "somebody else", **source.choice([before, after])})
    return renumbered(problem, outcome)


def follows_too_soon(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    by_key = {(row["request"], row["batch"]): row for row in outcome["placements"]}
    for row in source.sample(outcome["placements"], len(outcome["placements"])):
        request = row_of(problem["requests"], id=row["request"])
        after = row_of(request["batches"], id=row["batch"]).get("after")
        if after is not None:
            first = by_key[row["request"], after["batch"]]
            end = first["start"] + row_of(request["options"], suite=first["suite"])["duration"]
            after["min"] = row["start"] - end + 1
            return renumbered(problem, outcome)
    return None


def first_left_out(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    for row in outcome["placements"]:
        request = row_of(problem["requests"], id=row["request"])
        after = row_of(request["batches"], id=row["batch"]).get("after")
        if after is not None:
            request["all_or_nothing"] = False
            outcome["placements"].remove(row_of(outcome["placements"], request=row["request"], batch=after["batch"]))
            return renumbered(problem, outcome)
    return None


def one_site_too_many(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    facility = {"id": "elsewhere"}
    problem["facilities"].append(facility)
    homes = {suite["id"]: suite["facility"] for suite in problem["suites"]}
    request = found[1]
    used = {homes[row["suite"]] for row in outcome["placements"] if row["request"] == request["id"]}
    request["held"] = [*request.get("held", []), "elsewhere"]
    request["max_sites"] = len(used | set(request["held"])) - 1
    return renumbered(problem, outcome)


def not_all(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    found = placed(problem, outcome, source)
    if found is None:
        return None
    request = found[1]
    number = sum(row["request"] == request["id"] for row in outcome["placements"])
    if number == len(request["batches"]):
        request["batches"].append({"id": "one more", "earliest": 0, "latest": 0})
    request["all_or_nothing"] = True
    return renumbered(problem, outcome)


def objective_off(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    outcome["objective"][source.randrange(len(outcome["objective"]))] += source.choice([-1, 1])
    return problem, outcome


def term_off(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    outcome["terms"][source.choice(sorted(outcome["terms"]))] += source.choice([-1, 1])
    return problem, outcome


def bound_below(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    tier = source.randrange(len(outcome["bound"]))
    outcome["bound"][tier] = outcome["objective"][tier] - source.choice([1, 100])
    return problem, outcome


def optimal_with_gap(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    outcome |= {"status": "optimal", "bound": list(outcome["objective"])}
    tier = source.randrange(len(outcome["bound"]))
    outcome["bound"][tier] = source.choice([None, outcome["objective"][tier] + 1])
    return problem, outcome


def another_problem(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    """The problem changed after it was solved: one weight more in the last tier."""
    problem["origin"] = "2026-01-12"
    return problem, outcome


def proof_too_short(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    if "proof" not in outcome:
        return None
    lists = [*outcome["proof"]["suites"].values(), *outcome["proof"]["resources"].values()]
    source.choice(lists).pop()
    return problem, outcome


def proof_negative(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    if "proof" not in outcome:
        return None
    source.choice(list(outcome["proof"]["suites"].values()))[0] = -1
    return problem, outcome


def proof_of_fairness(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    if "proof" not in outcome:
        return None
    proof = outcome["proof"]
    problem["policy"]["tiers"][0][source.choice(["fairness", "sites"])] = 1
    problem, outcome = renumbered(problem, outcome)
    return problem, outcome | {"proof": proof}


def wrong_status(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    outcome["status"] = source.choice(["infeasible", "rejected"])
    return problem, outcome


def no_warning(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    suite = source.choice(problem["suites"])
    booking = {"suite": suite["id"], "start": -5, "end": 1, "places": suite["places"] + 1}
    empty = {**outcome, "placements": [], "warnings": []}
    return renumbered({**problem, "bookings": [*problem["bookings"], booking]}, empty)


def surplus_key(problem: Document, outcome: Document, source: random.Random) -> Pair | None:
    source.choice([outcome, *outcome["placements"]])["note"] = "x"
    return problem, outcome


KINDS: dict[Kind, set[str]] = {
    start_outside: {"start"},
    opening_ends_early: {"start"},
    window_misses: {"start"},
    another_suite: {"start"},
    twice: {"twice"},
    unknown_name: {"unknown"},
    unsorted: {"order"},
    dropped: {"terms"},
    place_gone: {"places"},
    capacity_one_less: {"resource"},
    foreign_family: {"family"},
    changeover_short: {"family"},
    follows_too_soon: {"after"},
    first_left_out: {"after"},
    one_site_too_many: {"sites"},
    not_all: {"all-or-nothing"},
    objective_off: {"objective"},
    term_off: {"terms"},
    bound_below: {"bound"},
    optimal_with_gap: {"optimal"},
    another_problem: {"hash"},
    proof_too_short: {"proof"},
    proof_negative: {"format"},
    proof_of_fairness: {"proof"},
    wrong_status: {"status"},
    no_warning: {"warnings"},
    surplus_key: {"format"},
}


def injected(kind: Kind, pair: Pair, source: random.Random) -> Pair | None:
    """The pair with the defect, on copies; None where there is no room for it."""
    problem, outcome = copy.deepcopy(pair)
    found = kind(problem, outcome, source)
    return None if found is None else json.loads(json.dumps(found))
