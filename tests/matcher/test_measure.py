"""Each term by an example with the exact amount."""

from dataclasses import replace

from matcher.measure import objective, sign_of, terms, tier_values
from matcher.problem import Policy, PreviousPlacement, Problem
from tests.matcher.building import at, batch, opened, option, problem, request, suite


def two_groups() -> Problem:
    """North asks for weights 2 and 3, south for 5 twice, of which one batch has no start at all."""
    north = replace(
        request("N", (batch("b1", 1, 9), replace(batch("b2"), weight=3))), weight=2, group="north", urgency=1
    )
    south = replace(request("S", (batch("b1", 4, 9), batch("b2", 11, 11))), weight=5, group="south")
    return problem(north, south)


def test_placed_counts_the_weight_of_the_batch_or_else_of_the_request() -> None:
    asked = two_groups()
    plan = (at(1, "b1", who="N"), at(3, "b2", who="N"), at(5, "b1", who="S"))
    found = terms(asked, plan)
    assert (found["placed"], found["placed_class_1"], found["placed_class_0"]) == (10, 5, 5)


def test_waiting_is_weight_times_ticks_after_the_earliest() -> None:
    assert terms(two_groups(), (at(3, "b1", who="N"), at(5, "b1", who="S")))["waiting"] == 2 * 2 + 5 * 1


def test_fairness_is_the_smallest_share_in_thousandths_rounded_down() -> None:
    asked = two_groups()
    assert terms(asked, (at(1, "b1", who="N"),))["fairness"] == 0
    assert terms(asked, (at(1, "b1", who="N"), at(5, "b1", who="S")))["fairness"] == 400
    assert terms(asked, (at(1, "b2", who="N"), at(5, "b1", who="S")))["fairness"] == 600


def test_fairness_leaves_out_batches_and_groups_without_any_start_and_is_0_without_groups() -> None:
    assert terms(opened(two_groups()), ())["fairness"] == 0
    lonely = replace(request("Q", (batch(),)), group="north")
    shut = replace(request("Z", (batch("b", 11, 11),)), group="south")
    assert terms(problem(lonely, shut), (at(0),))["fairness"] == 1000
    assert terms(problem(request("Q")), (at(0),))["fairness"] == 0


def test_costs_are_those_of_the_option_once_per_batch() -> None:
    dear = replace(option("S", 2, cost=3), travel=4, preference=5)
    found = terms(problem(request("Q", (batch("b1"), batch("b2")), (dear,))), (at(0, "b1"), at(2, "b2")))
    assert (found["cost"], found["travel"], found["preference"]) == (6, 8, 10)


def test_sites_counts_facilities_with_a_placement_held_or_not() -> None:
    asked = replace(request("Q", (batch("b1"), batch("b2")), (option("S"), option("T"))), max_sites=3)
    held = replace(problem(asked, suites=(suite("S", "F"), suite("T", "G"))))
    assert terms(held, (at(0, "b1"), at(2, "b2")))["sites"] == 1
    assert terms(held, (at(0, "b1"), at(0, "b2", "T")))["sites"] == 2


def test_changes_counts_published_stays_that_are_elsewhere_later_or_gone() -> None:
    was = tuple(PreviousPlacement("Q", name, "S", start) for name, start in (("b1", 0), ("b2", 2), ("b3", 4)))
    asked = replace(problem(request("Q", (batch("b1"), batch("b2")))), previous=was)
    assert terms(asked, (at(0, "b1"), at(3, "b2")))["changes"] == 2


def test_every_term_is_listed_and_a_class_that_nobody_has_is_not() -> None:
    names = {"placed", "placed_class_0", "fairness", "waiting", "cost", "travel", "preference", "sites", "changes"}
    assert set(terms(problem(request("Q")), ())) == names


def test_a_tier_adds_large_terms_and_takes_small_ones_away() -> None:
    values = {"placed": 5, "waiting": 3, "changes": 2}
    assert tier_values(({"placed": 2, "waiting": 1}, {"changes": 4, "placed_class_9": 7}), values) == (7, -8)
    assert [sign_of(term) for term in ("placed", "placed_class_3", "fairness", "waiting", "sites")] == [1, 1, 1, -1, -1]


def test_the_objective_follows_the_tiers_of_the_policy() -> None:
    asked = replace(problem(request("Q")), policy=Policy(({"placed": 1}, {"waiting": 2, "sites": 1})))
    assert objective(asked, (at(3),)) == (1, -7)
