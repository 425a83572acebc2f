"""Which eligibility rules judged a calculation, and the refusal to let other rules speak for it.

Whatever tells of a stored calculation judges its frozen facts again. That says what was said then only while the rules
are those of then: their names, words and citations, the source of their functions and the country packs they read.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from matcher.eligibility.catalogue import RULES
from matcher.eligibility.rule import Rule
from registry.errors import DomainError
from registry.matching.documents import sha256_of, to_document

PART = "rules"
PACKS = ("vocabularies", "member_states.csv")


class RulesChangedError(DomainError):
    """The rules of this version are not those of the calculation, or judge its frozen facts otherwise."""

    code = "rules-changed"


def rules_part() -> Mapping[str, Any]:
    """The part of a manifest that names the rules: how many, the hash of what they say, and of their source."""
    return {"count": len(RULES), "catalogue_sha256": catalogue_sha256(RULES), "source_sha256": rules_source_sha256()}


def catalogue_sha256(rules: tuple[Rule, ...]) -> str:
    """Return the hash of what the rules say of themselves: names, titles, citations, days, overriding."""
    return sha256_of([
        {
            "id": rule.id,
            "title": rule.title,
            "citation": to_document(rule.citation),
            "overridable_by": rule.overridable_by,
            "in_force": to_document(rule.in_force),
        }
        for rule in rules
    ])  # fmt: skip


@cache
def rules_source_sha256() -> str:
    """Return the hash of the rules' own files and of the country packs."""
    packs = files("seed_data").joinpath(*PACKS)
    return hash_of_sources("matcher.eligibility", {"/".join(PACKS): packs.read_bytes()})


def hash_of_sources(package: str, beside: Mapping[str, bytes] | None = None) -> str:
    """Return one hash over the Python files of a package, by name, and over other files given with their names."""
    digest = hashlib.sha256()
    found = {name: path.read_bytes() for name, path in _sources(files(package), "")}
    for name, content in sorted({**found, **(beside or {})}.items()):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


def rules_changed(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return in words how the rules of now differ from those of a manifest; nothing where it names none."""
    then, now = manifest.get(PART), rules_part()
    if then is None:
        return ()
    return tuple(
        f"{words}: {then.get(name)} then, {now[name]} now"
        for name, words in (
            ("count", "number of rules"),
            ("catalogue_sha256", "what the rules say (SHA-256)"),
            ("source_sha256", "source of the rules (SHA-256)"),
        )
        if then.get(name) != now[name]
    )


def check_rules(manifest: Mapping[str, Any]) -> None:
    """Raise RulesChangedError, with each difference, when other rules would speak for the calculation."""
    found = rules_changed(manifest)
    if found:
        raise RulesChangedError(
            "The rules have changed since this calculation: what they say now is not what was said then.",
            use_version(manifest),
            found,
        )


def check_problem(manifest: Mapping[str, Any], kept_sha256: str | None, now_sha256: str | None) -> None:
    """Raise RulesChangedError when judging the frozen facts again gives another problem than the one that was solved."""
    if kept_sha256 != now_sha256:
        raise RulesChangedError(
            "The rules of this version judge the facts of this calculation otherwise.",
            use_version(manifest),
            (f"the problem (SHA-256): {kept_sha256} then, {now_sha256} now",),
        )


def use_version(manifest: Mapping[str, Any]) -> str:
    """Return what to do instead."""
    made = manifest.get("software", {})
    return (
        f"Use the version it was made with: {made.get('gmphub')}, commit {made.get('git_commit')}. "
        "Or calculate the round again, which gives a calculation of its own."
    )


def _sources(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            found.append((f"{prefix}{entry.name}", entry))
    return found
