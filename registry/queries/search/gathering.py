"""Everything a search will need, asked for in one round trip."""

from registry.queries.search.asking import Asking, ask_together
from registry.queries.search.declared import statements_question
from registry.queries.search.filters import Filters
from registry.queries.search.free_starts import shut_question, stays_question, whole_weeks
from registry.queries.search.lines import lines_question
from registry.queries.search.reach import Knowledge, Reach
from registry.queries.search.reading import (
    closures_question,
    experience_question,
    licences_question,
    oldest_end,
    sites_question,
    suites_question,
)


def gather(asking: Asking, filters: Filters, most: Knowledge) -> None:
    """Ask for what the filters need, as far as the searcher may know it at `most`; the answers stay with the asking."""
    subject, data_set = asking.subject, asking.data_set
    questions = [lines_question(subject, data_set)]
    values: dict[str, object] = {"today": asking.today}
    if filters.text is not None or filters.near is not None:
        questions.append(sites_question(subject, data_set))
    if most.shown is not Reach.NONE:
        questions += [experience_question(subject), licences_question(subject)]
    if most.inside is not Reach.NONE:
        questions += [suites_question(subject), closures_question(subject)]
        values["oldest"] = oldest_end(asking.today)
    asked = filters.free_starts
    if most.inside is not Reach.NONE and asked is not None:
        weeks = whole_weeks(asked, ())
        values |= {"first": weeks.monday, "end": weeks.end}
        values |= {} if asked.platform is None else {"platform": asked.platform}
        statements = statements_question(subject, one_platform=asked.platform is not None)
        questions += [statements, stays_question(subject, data_set), shut_question(subject)]
    ask_together(asking, questions, **values)
