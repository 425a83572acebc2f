"""Upper limits per tier, each true for every plan that reaches the earlier tiers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.large.proof import is_provable, proof_of, whole_number_bound
from matcher.large.ragged import Flags, Ints
from matcher.large.setting import Setting
from matcher.large.values import Relaxation, scarcity_values
from matcher.outcome import Proof

_TOO_LARGE = 2**48
_EXCHANGES = (2, 8, 32, 128)
"""Tried rates at which a later tier may give up what an earlier tier holds, in units of their usual shares over 8."""

GoOn = Callable[[float], bool]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of a tier among all plans, the whole-number values behind it at `scale`, and for the first tier a proof where the format has one."""

    bound: int
    scale: int
    values: Ints
    proof: Proof | None


def tier_limit(setting: Setting, tier: int, possible: Flags, taken: Ints, rounds: int, go_on: GoOn) -> Limit:
    """A limit of a tier among all plans; `taken` is a known plan, whose value steers the search for values.

    Terms that concern several stays at once are relaxed: `sites` counts nothing, `fairness` is at most 1000.
    """
    share = setting.shares.linear[tier]
    relaxation = Relaxation(setting.columns, setting.whole, setting.free, possible)
    values, _ = scarcity_values(relaxation, share.astype(np.float64), float(share[taken].sum()), rounds, go_on)
    bound, scale, rounded = whole_number_bound(relaxation, share, values)
    provable = tier == 0 and is_provable(setting.problem)
    proof = proof_of(setting.problem, scale, rounded) if provable else None
    return Limit(bound + constant(setting, tier), scale, rounded, proof)


def later_limit(
    setting: Setting, tier: int, possible: Flags, taken: Ints, reached: tuple[int, ...], rounds: int, go_on: GoOn
) -> int:
    """A limit of a later tier among the plans that reach `reached` before it.

    The earlier tier that weighs most is held by a rate of exchange: whatever a plan adds to it beyond what must be
    reached counts for the later tier too. Any rate gives a limit; the best of a few is taken.
    """
    share = setting.shares.linear[tier]
    held = max(range(tier), key=lambda one: (int(np.abs(setting.shares.linear[one][taken]).sum()), -one))
    earlier = setting.shares.linear[held]
    must = reached[held] - constant(setting, held)
    easy = int(constant(setting, tier) + _easy(setting, share, possible))
    usual = _usual(share, taken), _usual(earlier, taken)
    relaxation = Relaxation(setting.columns, setting.whole, setting.free, possible)

    def at_rate(rate: int) -> int:
        own, other = 8 * usual[1], rate * usual[0]
        if own * _most(share) + other * _most(earlier) > _TOO_LARGE:
            return easy
        summed = own * share + other * earlier
        values, _ = scarcity_values(relaxation, summed.astype(np.float64), float(summed[taken].sum()), rounds, go_on)
        bound, _, _ = whole_number_bound(relaxation, summed, values)
        return min(easy, (bound - other * must) // own + constant(setting, tier))

    found = {rate: at_rate(rate) for rate in _EXCHANGES}
    best = min(found, key=lambda rate: (found[rate], rate))
    found.update({rate: at_rate(rate) for rate in (best // 2, best * 2) if rate})
    return min(found.values())


def constant(setting: Setting, tier: int) -> int:
    """What a tier has or may have beside the shares: unchanged `previous`, and 1000 for each weight of `fairness`."""
    fairness = 1000 * setting.shares.fairness[tier] if len(setting.group_total) else 0
    return setting.shares.fixed[tier] + fairness


def proved_bound(setting: Setting, proof: Proof) -> int:
    """What a reader of the proof adds up, over every admissible start and in whole numbers only."""
    parts = [np.array(proof.suites[suite.id], dtype=np.int64) for suite in setting.problem.suites]
    parts += [np.array(proof.resources[resource.id], dtype=np.int64) for resource in setting.problem.resources]
    values = np.concatenate([*parts, np.zeros(0, dtype=np.int64)])
    share = setting.shares.linear[0] * np.int64(proof.scale)
    relaxation = Relaxation(setting.columns, setting.whole, setting.free)
    return int(relaxation.answer(share, values).total) // proof.scale + setting.shares.fixed[0]


def _most(share: Ints) -> int:
    return int(np.abs(share).max(initial=0))


def _usual(share: Ints, taken: Ints) -> int:
    """The mean size of a share in the known plan, at least 1."""
    return max(1, int(np.abs(share[taken]).sum()) // max(1, len(taken)))


def _easy(setting: Setting, share: Ints, possible: Flags) -> int:
    """Every batch on its best column, capacity apart."""
    best = np.zeros(len(setting.columns.batch_request), dtype=np.int64)
    np.maximum.at(best, setting.columns.batch[possible], share[possible])
    return int(best.sum())
