"""The rehearsal of the files that come with the software: a letter for every request, and no name of either file in any."""

import json

import pytest

from matcher.explain.explaining import Calculated, Explained, explain_all
from registry.matching.disclosure import released
from registry.matching.documents import to_document
from registry.matching.explanation import Explanation, Reader
from registry.matching.letters import letter_html, outcome_letter
from tests.matcher.explain.tight import calculated
from tests.registry.matching.test_letters import OCCASION
from tests.registry.rehearsal.files import DIRECTORY, TRIALS, made_of
from tests.registry.rehearsal.test_aliases import leaks


@pytest.fixture(scope="module")
def explained() -> tuple[Calculated, list[Explained]]:
    """The rehearsal placed first-come, every request explained as far as nothing needs solving again."""
    done = calculated(made_of(DIRECTORY, TRIALS).facts)
    return done, list(explain_all(done, counterfactuals=False).values())


@pytest.mark.parametrize("reader", list(Reader))
def test_every_request_is_explained_and_no_name_of_the_files_comes_out(
    explained: tuple[Calculated, list[Explained]], reader: Reader
) -> None:
    done, all_of_them = explained
    said = [released(done, one, reader) for one in all_of_them]
    given = [one for one in said if isinstance(one, Explanation)]
    assert len(given) == len(done.facts.requests)
    pages = [letter_html(outcome_letter(one, OCCASION)) for one in given]
    assert not leaks("\n".join([*pages, *(json.dumps(to_document(one)) for one in given)]))
    waiting = [one for one in given if one.placed < one.asked]
    assert waiting
    assert all(one.limits or one.left == 0 or one.set_aside for one in waiting)
