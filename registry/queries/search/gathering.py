"""Everything a search will need, asked for in one round trip, or in two where the first leaves only some facilities."""

import numpy as np

from registry.queries.search.asking import Asking, ask_together
from registry.queries.search.cells import Question
from registry.queries.search.closures import closures_question, oldest_end
from registry.queries.search.columns import Mask
from registry.queries.search.declared import statements_question
from registry.queries.search.filters import Facet, Filters
from registry.queries.search.free_starts import shut_question, stays_question
from registry.queries.search.keys import Index, as_words
from registry.queries.search.lines import lines_question
from registry.queries.search.reach import Knowledge, Reach
from registry.queries.search.reading import (
    CITIES,
    PLACES,
    equipment_question,
    experience_question,
    licences_question,
    scope_question,
    suites_question,
)
from registry.queries.search.weeks import whole_weeks

PUBLIC_OF_MANY = (Facet.PRODUCT_CLASSES, Facet.FAMILIES, Facet.LANGUAGES)
"""Facts everybody may know of which all the chosen must hold: no count looks beyond them."""


def gather(asking: Asking, filters: Filters, most: Knowledge) -> None:
    """Ask for what the filters need, as far as the searcher may know it at `most`; the answers stay with the asking.

    What lies deeper (experience, licences, suites) is left to `gather_deeper` where a filter leaves fewer facilities.
    """
    subject, data_set = asking.subject, asking.data_set
    questions = [lines_question(subject, data_set)]
    values: dict[str, object] = {"today": asking.today}
    questions += [CITIES] if filters.text is not None else []
    questions += [PLACES] if filters.near is not None else []
    if not narrows(filters):
        questions += _deeper(asking, most, narrowed=False)
    if most.inside is not Reach.NONE:
        questions.append(closures_question(subject))
        values["oldest"] = oldest_end(asking.today)
    asked = filters.free_starts
    if most.inside is not Reach.NONE and asked is not None:
        weeks = whole_weeks(asked)
        values |= {"first": weeks.monday, "end": weeks.end}
        values |= {} if asked.platform is None else {"platform": asked.platform}
        statements = statements_question(subject, one_platform=asked.platform is not None)
        questions += [statements, stays_question(subject, data_set), shut_question(subject)]
    ask_together(asking, questions, **values)


def narrows(filters: Filters) -> bool:
    """Whether some filter leaves fewer facilities before anything deeper is known, for every count, too."""
    return (
        filters.text is not None
        or filters.free_starts is not None
        or (filters.near is not None and filters.near.within_km is not None)
        or any(filters.chosen(facet) for facet in PUBLIC_OF_MANY)
    )


def gather_deeper(asking: Asking, filters: Filters, known: Knowledge, index: Index, left: Mask) -> bool:
    """Ask for experience, licences and suites, as far as the searcher may know them, unless `gather` has.

    Return whether they are only those of the facilities that are left; where that is most of them, all is cheaper.
    """
    if not narrows(filters):
        return False
    narrowed = 2 * int(np.count_nonzero(left)) <= len(index)
    if questions := _deeper(asking, known, narrowed=narrowed):
        among = {"among": as_words(index.keys[left])} if narrowed else {}
        ask_together(asking, questions, today=asking.today, **among)
    return narrowed


def _deeper(asking: Asking, known: Knowledge, *, narrowed: bool) -> list[Question]:
    subject = asking.subject
    questions = []
    if known.shown is not Reach.NONE:
        questions += [experience_question(subject, narrowed=narrowed), licences_question(subject, narrowed=narrowed)]
        questions.append(scope_question(narrowed=narrowed))
    if known.inside is not Reach.NONE:
        questions += [suites_question(subject, narrowed=narrowed), equipment_question(subject, narrowed=narrowed)]
    return questions
