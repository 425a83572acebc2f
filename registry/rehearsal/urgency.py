"""Urgency classes of a rehearsal, from what the trial rows say; few in class 0, as the policy caps them."""

from collections.abc import Sequence

from registry.rehearsal.frame import Frame
from registry.rehearsal.rows import TrialRow
from registry.rehearsal.rules import rules
from registry.vocabulary.products import Donor, ProductClass

GENE_THERAPIES = frozenset({ProductClass.GTMP_EX_VIVO, ProductClass.GTMP_IN_VIVO})


def urgency_classes(rows: Sequence[TrialRow], frame: Frame) -> list[int]:
    """Return the class of each row.

    0: rare disease or children, and gene therapy; at most the capped share. 1: the patient's own cells, or rare
    disease or children. 2: the rest, mostly stock made from a donor's cells, which can wait.
    """
    order = frame.draws("urgency").shuffled(range(len(rows)))
    able = [index for index in order if rows[index].rare_or_child and rows[index].product_class in GENE_THERAPIES]
    most = max(1, int(len(rows) * rules().demand.number("most_urgent_share")))
    first = set(able[:most])
    return [0 if index in first else 1 if is_pressing(row) else 2 for index, row in enumerate(rows)]


def is_pressing(row: TrialRow) -> bool:
    """Whether the row belongs to class 1 at least."""
    own_cells = row.donor not in {Donor.ALLOGENEIC, Donor.NONE} and row.product_class is not ProductClass.GTMP_IN_VIVO
    return own_cells or row.rare_or_child
