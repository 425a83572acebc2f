"""Upper limits per tier, each true for every plan that reaches the earlier tiers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.large.plan import fairness_of
from matcher.large.proof import is_provable, proof_of, whole_number_bound
from matcher.large.ragged import Flags, Floats, Ints
from matcher.large.setting import Setting
from matcher.large.values import Relaxation, scarcity_values
from matcher.outcome import Proof


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of one tier, the values behind it, and for the first tier a proof where the format has one."""

    bound: int
    values: Floats
    proof: Proof | None = None


def tier_limit(
    setting: Setting,
    tier: int,
    possible: Flags,
    taken: Ints,
    rounds: int,
    go_on: Callable[[float], bool],
    start: Floats | None = None,
) -> Limit:
    """A limit of `tier` among all plans; `taken` is a known plan, whose value steers the search for values.

    Terms that concern several stays at once are relaxed: `sites` counts nothing, `fairness` is at most 1000.
    """
    share = setting.shares.linear[tier]
    never = -(int(np.abs(share).max(initial=0)) + 1) * (len(setting.columns.batch_request) + 1)
    usable = np.where(possible, share, never)
    relaxation = Relaxation(setting.columns, setting.whole, setting.free)
    reached = float(share[taken].sum())
    values, _ = scarcity_values(relaxation, usable.astype(np.float64), reached, rounds, go_on, start)
    bound, scale, rounded = whole_number_bound(relaxation, usable, values)
    constant = setting.shares.fixed[tier] + _fairness_limit(setting, tier)
    proof = None
    if tier == 0 and is_provable(setting.problem):
        # the format's proof knows every admissible start; what it then adds up to may be a little looser
        proof = proof_of(setting.problem, scale, rounded)
    return Limit(bound + constant, values, proof)


def proved_bound(setting: Setting, proof: Proof) -> int:
    """What a reader of the proof adds up, over every admissible start and in whole numbers only."""
    parts = [np.array(proof.suites[suite.id], dtype=np.int64) for suite in setting.problem.suites]
    parts += [np.array(proof.resources[resource.id], dtype=np.int64) for resource in setting.problem.resources]
    values = np.concatenate([*parts, np.zeros(0, dtype=np.int64)])
    share = setting.shares.linear[0] * np.int64(proof.scale)
    relaxation = Relaxation(setting.columns, setting.whole, setting.free)
    return int(relaxation.answer(share, values).total) // proof.scale + setting.shares.fixed[0]


def _fairness_limit(setting: Setting, tier: int) -> int:
    """1000 for each weight, 0 when no group has a batch with an admissible start."""
    return setting.shares.fairness[tier] * (1000 if len(setting.group_total) else 0)


def fairness_share(setting: Setting, tier: int, taken: Ints) -> int:
    """What fairness adds to a tier in a known plan."""
    return setting.shares.fairness[tier] * fairness_of(setting, taken)
