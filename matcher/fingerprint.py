"""What tells one exact model from another: the hash of the model as MathOpt would hand it to a solver."""

import hashlib

from matcher.dispatch import MOST_COLUMNS_OF_ONE_MODEL
from matcher.large.columns import count_columns
from matcher.model.exact import exact_model
from matcher.problem import Problem


def model_sha256(problem: Problem) -> str | None:
    """The SHA-256 of the exact model of the first tier, lower-case hexadecimal; None where no single model is solved.

    The same problem gives the same bytes with the same version of OR-Tools; whoever has them needs none of our code to
    solve the model. Takes as long as writing the model: about a second for 10,000 admissible starts.
    """
    if count_columns(problem) > MOST_COLUMNS_OF_ONE_MODEL:
        return None
    made = exact_model(problem)
    proto = made.variables.model.proto(made.tiers[0])
    return hashlib.sha256(proto.SerializeToString(deterministic=True)).hexdigest()
