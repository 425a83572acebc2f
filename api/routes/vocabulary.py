"""What the words mean, and which rules are asked."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.dependencies import AnyoneDep
from api.problems import answers
from api.schemas.page import Page
from api.schemas.vocabulary import EligibilityRule, VocabularyTerm
from matcher.eligibility.catalogue import RULES
from registry.errors import NotVisibleError
from registry.queries.vocabularies import terms_of, vocabulary_names

router = APIRouter(tags=["vocabulary"])
Name = Annotated[str, Path(max_length=60, pattern="^[a-z_]+$")]


@router.get("/vocabulary", responses=answers("not-authenticated"))
def list_vocabularies(work: AnyoneDep) -> Page[str]:
    """List the names of the word lists."""
    return Page[str](items=list(vocabulary_names(work.session)))


@router.get("/vocabulary/{name}", responses=answers("not-authenticated", "not-found", "invalid-input"))
def read_vocabulary(name: Name, work: AnyoneDep) -> Page[VocabularyTerm]:
    """Read a word list, each entry with its source."""
    terms = terms_of(work.session, name)
    if not terms:
        raise NotVisibleError("There is no such word list.")
    return Page[VocabularyTerm](items=[VocabularyTerm.model_validate(term) for term in terms])


@router.get("/rules", responses=answers("not-authenticated"))
def list_rules(_work: AnyoneDep) -> Page[EligibilityRule]:
    """List every eligibility rule in the order it is shown, with the text it rests on."""
    return Page[EligibilityRule](
        items=[
            EligibilityRule(
                id=rule.id,
                title=rule.title,
                citation=rule.citation.text,
                valid_on=rule.citation.valid_on,
                confirmed=rule.citation.confirmed,
                overridable_by=rule.overridable_by,
                in_force_from=rule.in_force and rule.in_force.start,
                in_force_to=rule.in_force and rule.in_force.end,
            )
            for rule in RULES
        ]
    )
