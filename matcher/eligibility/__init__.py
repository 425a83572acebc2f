"""May this request go to this suite? One plain function per rule, a result for each, and the verdicts of a whole round."""

from matcher.eligibility.judging import judge, judge_pair
from matcher.eligibility.verdicts import Exclusion, NearMiss, Verdicts

__all__ = ["Exclusion", "NearMiss", "Verdicts", "judge", "judge_pair"]
